import { type PropType, defineComponent, h, onMounted, ref } from "vue";
import {
  EVENTS,
  type MerchantPortalElement,
  type MerchantPortalEvents,
  type Routing,
  type SessionTokenProvider,
  type Theme,
  type View,
  load,
} from "./index.js";

type Emits = { [Name in keyof MerchantPortalEvents]: (event: MerchantPortalEvents[Name]) => true };

const heard = Object.fromEntries(EVENTS.map((name) => [name, () => true])) as unknown as Emits;

/** The portal, or a part of it, as a component. It emits `ready`, `navigate`, `action:start` and so on. */
export const MerchantPortal = defineComponent({
  name: "MerchantPortal",
  props: {
    /** Where the script is served; by default `/portal/embed.js`. */
    src: String,
    base: String,
    flow: String,
    locale: String,
    page: String,
    prefix: String,
    routing: String as PropType<Routing>,
    sessionToken: Function as PropType<SessionTokenProvider>,
    subject: String,
    theme: String as PropType<Theme>,
    view: String as PropType<View>,
  },
  emits: heard,
  setup({ src }, { emit, expose, slots }) {
    const element = ref<MerchantPortalElement>();
    const send = emit as (name: string, event: Event) => void;
    const listeners = EVENTS.map((name) => [`onPerennial:${name}`, (event: Event) => send(name, event)]);
    onMounted(() => load(src).catch(console.error));
    expose({ element });
    return { element, listeners: Object.fromEntries(listeners), content: slots.default };
  },
  render() {
    const { src, sessionToken, ...props } = this.$props;
    // As attributes, since the portal's own properties may not be defined yet.
    const attributes = Object.fromEntries(Object.entries(props).map(([name, value]) => [`^${name}`, value]));
    const own = sessionToken && { ".sessionToken": sessionToken };
    return h("merchant-portal", { ...attributes, ...own, ...this.listeners, ref: "element" }, this.content?.());
  },
});
