# The image of call-center-backup: the program and its other names, PostgreSQL's clients and servers for proofs, a Redis server for the same, and nothing that runs as root.
# docs/deployment.md has the arguments. Everything that is fetched can be replaced: --build-arg SWIFT_IMAGE=…, BASE_IMAGE=…, REDIS_IMAGE=….
#
#   docker build -t call-center-backup .
#   docker build -t call-center-backup --target prebuilt .    the programs are those that scripts/install has put into .build/image
ARG BASE_IMAGE=debian:bookworm-slim
ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG REDIS_IMAGE=redis:7.2-bookworm

# The scratch server of proofs has to load what the server has written: it is that server's own program.
FROM ${REDIS_IMAGE} AS redis

FROM ${BASE_IMAGE} AS runtime
# Major releases whose clients and servers are there; others than 15 come from apt.postgresql.org. A dump needs clients as new as its server, a proof the same release.
ARG POSTGRES_VERSIONS=15
COPY scripts/install-image-packages /tmp/
RUN /tmp/install-image-packages ${POSTGRES_VERSIONS} && rm /tmp/install-image-packages
COPY --from=redis /usr/local/bin/redis-server /usr/local/bin/
# Numbers, not names: Kubernetes checks runAsNonRoot by them, and folders of the host are given to them.
RUN groupadd --gid 10001 call-center-backup \
    && useradd --no-log-init --uid 10001 --gid 10001 --home-dir /var/lib/call-center-backup --no-create-home --shell /usr/sbin/nologin call-center-backup \
    && install -d -m 0700 -o 10001 -g 10001 /backups /var/lib/call-center-backup /var/lib/call-center-backup/scratch
# Other containers and published ports reach no loopback address. Who publishes the port decides who may come: deploy/compose.yaml gives it to 127.0.0.1.
ENV BACKUP_HTTP=0.0.0.0:8085 \
    BACKUP_SCRATCH_DIR=/var/lib/call-center-backup/scratch
USER 10001:10001
WORKDIR /var/lib/call-center-backup
VOLUME ["/backups", "/var/lib/call-center-backup/scratch"]
EXPOSE 8085
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["backup-service", "--health"]
# A run under way may go on for BACKUP_STOP_TIMEOUT (a minute); docker stop and compose have to wait longer than that.
STOPSIGNAL SIGTERM
# Whatever a killed run left behind is reaped by process 1.
ENTRYPOINT ["tini", "--"]
CMD ["backup-service"]

FROM runtime AS prebuilt
COPY .build/image/usr/ /usr/

FROM ${SWIFT_IMAGE} AS build
WORKDIR /source
COPY scripts/install-dependencies scripts/
RUN scripts/install-dependencies
COPY . .
RUN scripts/build-static .build && DESTDIR=/image PREFIX=/usr scripts/install .build/release

FROM runtime
COPY --from=build /image/usr/ /usr/
