// Signs a customer of the shop in: prints the address that their browser opens.
//   node sign.mjs <customer id>
import { randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";

const key = readFileSync("jwt-private.pem");

function jwt(customer) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "EdDSA", typ: "JWT" };
  const claims = {
    iss: "https://shop.example",
    aud: "portal",
    sub: customer,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
  };
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

console.log(`https://account.shop.example/portal/jwt?token=${jwt(process.argv[2])}`);
