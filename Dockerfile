# syntax=docker/dockerfile:1

# Node packs the WebAssembly while building. Nothing of it is in the final image.
FROM node:20-bookworm-slim AS node

FROM rust:1.95.0-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
# The target folder must stay here: the binary takes the portal in from target/dist.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo xtask dist \
    && install -D -m 0755 dist/perennial /out/bin/perennial \
    && install -D -m 0644 -t /out/share/perennial dist/*.cdx.json

FROM debian:bookworm-slim
# Root certificates, to call Recharge, and time zones, for the store's days.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --uid 8402 --home-dir /var/lib/perennial perennial \
    && install -d -m 0700 -o perennial -g perennial /var/lib/perennial
COPY --from=build /out/ /usr/local/
USER perennial
# Where SQLite puts temporary files: the rest of the file system may be read-only.
ENV SQLITE_TMPDIR=/var/lib/perennial
VOLUME /var/lib/perennial
EXPOSE 8402
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8402 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["perennial"]
CMD ["serve", "--config", "/etc/perennial/portal.toml"]
