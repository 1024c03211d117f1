// The overview as a merchant's agency would write it: a React page that asks the API once it runs.
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

const SECTIONS = ["Overview", "Subscriptions", "Deliveries", "History", "Addresses", "Payment methods", "Details"];

function useAnswer(path) {
  const [answer, setAnswer] = useState(null);
  useEffect(() => {
    const abort = new AbortController();
    fetch(`/portal/api${path}`, { signal: abort.signal })
      .then((response) => response.json())
      .then(setAnswer)
      .catch(() => {});
    return () => abort.abort();
  }, [path]);
  return answer;
}

function money({ amount, currency }) {
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(amount);
}

function formatDate(day, options) {
  return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(new Date(day));
}

function longDate(day) {
  return formatDate(day, { weekday: "long", day: "numeric", month: "long" });
}

function shortDate(day) {
  return formatDate(day, { weekday: "short", day: "numeric", month: "short" });
}

function relative(day, today) {
  const days = (Date.parse(day) - Date.parse(today)) / 86_400_000;
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(days, "day");
}

function titles(items) {
  return new Intl.ListFormat("en").format(items.map(({ title }) => title));
}

function Picture({ item, size = "" }) {
  return <div className={`picture ${size}`}>{item.image && <img src={item.image} alt="" loading="lazy" />}</div>;
}

function Button({ label, kind = "", onClick }) {
  return (
    <button className={`button ${kind}`} onClick={onClick}>
      <span>{label}</span>
    </button>
  );
}

function SkipDialog({ delivery, onClose }) {
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  return (
    <dialog className="sheet" ref={dialog} onClose={onClose}>
      <h2>Skip this delivery?</h2>
      <p>
        {titles(delivery.items)} won’t ship on {longDate(delivery.key.date)}.
      </p>
      <div className="actions">
        <Button label="Cancel" onClick={onClose} />
        <Button label="Skip delivery" kind="button-primary" onClick={onClose} />
      </div>
    </dialog>
  );
}

function NextDelivery({ delivery, today }) {
  const [skipping, setSkipping] = useState(false);
  return (
    <section className="card lead">
      <div className="stack stack-tight">
        <p className="small muted">Your next delivery</p>
        <div className="row lead-date">
          <h2 className="big" elementtiming="next-delivery">
            {longDate(delivery.key.date)}
          </h2>
          <span className="muted">{relative(delivery.key.date, today)}</span>
        </div>
      </div>
      <div className="row lead-pictures">
        {delivery.items.slice(0, 4).map((item) => (
          <Picture key={item.purchase_item_id} item={item} size="picture-large" />
        ))}
      </div>
      <div className="stack stack-tight">
        <p className="lead-sum">
          <span className="typed clamp">{titles(delivery.items)}</span>
          <strong className="strong">{money(delivery.totals.total)}</strong>
        </p>
        <p className="muted typed">To {delivery.address?.street}</p>
      </div>
      <div className="actions actions-wide">
        <Button label="Reschedule" kind="button-primary" />
        <Button label="Skip this delivery" onClick={() => setSkipping(true)} />
        <Button label="Edit address" />
      </div>
      {skipping && <SkipDialog delivery={delivery} onClose={() => setSkipping(false)} />}
    </section>
  );
}

function Row({ start, title, detail, end }) {
  return (
    <div className="media">
      {start}
      <div>
        <p className="strong">{title}</p>
        <p className="small muted">{detail}</p>
      </div>
      <span className="small">{end}</span>
    </div>
  );
}

function Overview({ session, view }) {
  return (
    <div className="stack stack-large">
      <header className="page-header">
        <h1>Hello, {session.first_name}</h1>
      </header>
      <div className="stack stack-section">
        {view.next && <NextDelivery delivery={view.next} today={session.today} />}
        <section className="stack stack-small">
          <h2>Later deliveries</h2>
          <div className="card card-flush">
            {view.later.map((delivery) => (
              <Row
                key={`${delivery.key.address_id}-${delivery.key.date}`}
                start={<div className="date-block" />}
                title={shortDate(delivery.key.date)}
                detail={titles(delivery.items)}
                end={money(delivery.totals.total)}
              />
            ))}
          </div>
        </section>
        <section className="stack stack-small">
          <h2>Your subscriptions</h2>
          <div className="card card-flush">
            {view.subscriptions.map((card) => (
              <Row
                key={card.id}
                start={<Picture item={card} />}
                title={card.title}
                end={card.next_date && shortDate(card.next_date)}
              />
            ))}
          </div>
        </section>
      </div>
    </div>
  );
}

function App() {
  const session = useAnswer("/session");
  const view = useAnswer("/overview");
  return (
    <div className="frame">
      <header className="rail">
        <div className="brand">{session?.merchant.name}</div>
        <nav className="nav">
          <ul>
            {SECTIONS.map((name) => (
              <li key={name}>
                <a className="nav-link" href="#">
                  <span>{name}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main className="main">{session && view ? <Overview session={session} view={view} /> : <p>Loading…</p>}</main>
    </div>
  );
}

let root;

function mount() {
  root = createRoot(document.querySelector("#portal"));
  root.render(<App />);
}

Object.assign(globalThis, { contender: { mount, unmount: () => root.unmount() } });
mount();
