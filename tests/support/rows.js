// The store's own rows, for comparing with what the portal shows.

const rows = async (store, table) => Object.values((await store.state())[table]);

/** A subscription by its product's title. */
export async function subscription(store, title) {
  return (await rows(store, "subscriptions")).find((row) => row.details.product_title === title);
}

/** The lines of an address by its street. */
export async function address(store, street) {
  return (await rows(store, "addresses")).map((row) => row.postal).find((postal) => postal.address1 === street);
}

/** The charges in a state, on `date` only if there is one. */
export async function charges(store, date, status) {
  const all = await rows(store, "charges");
  return all.filter((row) => row.status === status && (date ?? row.scheduled_at) === row.scheduled_at);
}

/** The ids of the items that are skipped, on `date` only if there is one. @returns {Promise<number[]>} */
export async function skipped(store, date) {
  const charges = (await rows(store, "charges")).filter(
    (row) => row.status === "skipped" && (date ?? row.scheduled_at) === row.scheduled_at,
  );
  return charges.flatMap((charge) => charge.content.lines.map((line) => line.purchase_item_id));
}
