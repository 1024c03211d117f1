import {
  type ReactElement,
  type ReactNode,
  type Ref,
  createElement,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from "react";
import {
  EVENTS,
  type MerchantPortalAttributes,
  type MerchantPortalElement,
  type MerchantPortalEvents,
  type SessionTokenProvider,
  load,
} from "./index.js";

type Capital<Words extends string> = Words extends `${infer First}:${infer Rest}`
  ? `${Capitalize<First>}${Capital<Rest>}`
  : Capitalize<Words>;

type Listeners = {
  [Name in keyof MerchantPortalEvents as `on${Capital<Name>}`]?: (event: MerchantPortalEvents[Name]) => void;
};

/** `onReady`, `onNavigate`, `onActionStart` and so on listen to the element's events. */
export interface MerchantPortalProps extends MerchantPortalAttributes, Listeners {
  /** Where the script is served; by default `/portal/embed.js`. */
  src?: string;
  sessionToken?: SessionTokenProvider;
  id?: string;
  className?: string;
  /** What goes into the slots of the element. */
  children?: ReactNode;
  element?: Ref<MerchantPortalElement>;
}

const listener = (name: string) =>
  `on${name.replace(/(^|:)./g, (start) => start.slice(-1).toUpperCase())}` as keyof Listeners;

/** The portal, or a part of it, as a component. `element` refers to its element. */
export function MerchantPortal(all: MerchantPortalProps): ReactElement {
  const { src, children, element, className, prefix, sessionToken, ...props } = all;
  const own = useRef<MerchantPortalElement>(null);
  const latest = useRef(props);
  latest.current = props;
  useImperativeHandle(element, () => own.current!, []);
  // React would set the property that every element has before the portal's is defined.
  useLayoutEffect(() => {
    if (prefix) own.current!.setAttribute("prefix", prefix);
    else own.current!.removeAttribute("prefix");
  }, [prefix]);
  useLayoutEffect(() => {
    if (sessionToken) own.current!.sessionToken = sessionToken;
  }, [sessionToken]);
  useEffect(() => {
    load(src).catch(console.error);
    const stop = new AbortController();
    for (const name of EVENTS) {
      const hear = (event: Event) => latest.current[listener(name)]?.(event as never);
      own.current!.addEventListener(`perennial:${name}`, hear, { signal: stop.signal });
    }
    return () => stop.abort();
  }, [src]);
  const names = new Set<string>(EVENTS.map(listener));
  const attributes = Object.fromEntries(Object.entries(props).filter(([name]) => !names.has(name)));
  return createElement("merchant-portal", { ...attributes, class: className, ref: own }, children);
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "merchant-portal": MerchantPortalAttributes & {
        id?: string;
        class?: string;
        ref?: import("react").Ref<MerchantPortalElement>;
        children?: import("react").ReactNode;
      };
    }
  }
}
