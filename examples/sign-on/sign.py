# Signs a customer of the shop in: prints the address that their browser opens.
#   python3 sign.py <customer id>
import base64
import hashlib
import hmac
import json
import pathlib
import sys
import time
import uuid

SECRET = pathlib.Path("jwt-secret").read_text().strip().encode()


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(customer: str) -> str:
    now = int(time.time())
    header = {"alg": "HS256", "typ": "JWT"}
    claims = {
        "iss": "https://shop.example",
        "aud": "portal",
        "sub": customer,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + 60,
    }
    parts = [encode(json.dumps(part).encode()) for part in (header, claims)]
    signed = ".".join(parts)
    digest = hmac.new(SECRET, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{encode(digest)}"


print(f"https://account.shop.example/portal/jwt?token={jwt(sys.argv[1])}")
