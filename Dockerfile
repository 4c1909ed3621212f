# The server as an image: pages, embedded broker or gateway. docs/operating.md, "In a container".
# The version that everything is tested with; any that package.json permits will do.
ARG NODE=20.20.2-bookworm-slim

FROM node:$NODE AS build
WORKDIR /src
COPY . .
# Without FFmpeg's program, which nothing here uses.
ENV SKIP_FFMPEG=true
RUN npm ci && npm run build
# What the command needs to run. Not FFmpeg's libraries, which are optional and whose build is under the GPL (NOTICE).
RUN rm -rf node_modules && npm ci --omit=dev --omit=optional --ignore-scripts -w mqtt-meet

FROM node:$NODE
ENV NODE_ENV=production XDG_STATE_HOME=/var/lib
WORKDIR /app
COPY --from=build /src/LICENSE /src/NOTICE ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/packages ./packages
COPY --from=build /src/apps/web/dist ./apps/web/dist
COPY deploy/health.mjs ./deploy/health.mjs
# Certificates of the server's own making, and its authority, outlive the container here.
RUN mkdir -p /var/lib/mqtt-meet && chown node:node /var/lib/mqtt-meet
VOLUME /var/lib/mqtt-meet
USER node
EXPOSE 8080 8883
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["node", "deploy/health.mjs"]
ENTRYPOINT ["node", "packages/cli/bin/mqtt-meet.js"]
CMD ["serve", "--host", "0.0.0.0", "--log-format", "json"]
