# One image for all programs and all architectures:
#   docker buildx build --platform linux/amd64,linux/arm64 --sbom=true --provenance=mode=max --tag connection-operator:0.1.0 .
# Nothing in it is compiled for a machine, so everything is built once, on the builder's own.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json LICENSE ./
RUN npm ci --ignore-scripts
COPY tools tools
COPY src src
RUN node tools/build-page.ts
RUN node tools/write-sbom.ts dist/sbom.cdx.json
RUN npm ci --omit=dev --ignore-scripts

# Node and nothing else: no shell, no package manager
FROM gcr.io/distroless/nodejs24-debian12:nonroot
LABEL org.opencontainers.image.title="connection-operator" \
      org.opencontainers.image.description="Issues, rotates and withdraws API credentials for third-party connectors" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
# The manifests start `node`
ENV NODE_ENV=production \
    PATH=/nodejs/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /app
# They belong to root, and the programs run as somebody else: nothing in here can be changed
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/src src
COPY --from=build /app/dist dist
USER 65532:65532
EXPOSE 8080 8081 9090
# operator, gateway, dashboard, kubectl-connection
CMD ["src/bin/operator.ts", "--help"]
