// Every action in mock mode: without any server, from its button to what it says at the end.
import { ACTIONS, perform } from "./support/actions.js";
import { dialog, said } from "./support/customer.js";
import { expect, test } from "./support/mock.js";
import { visit } from "./support/places.js";

for (const [name, action] of Object.entries(ACTIONS)) {
  test(`${name} is done in mock mode`, async ({ page, bundle }) => {
    await visit(page, bundle.origin, action);
    await perform(page, action);
    await expect(said(page)).toContainText(action.said);
    await expect(dialog(page)).toBeHidden();
  });
}
