# Build:  docker build -t dragoman .
# Run:    docker run --rm -p 127.0.0.1:50051:50051 -v dragoman:/var/lib/dragoman dragoman

FROM python:3.12-slim AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore

# The pinned pip and build backend go into this stage, never into the image that runs.
COPY requirements/build.lock requirements/server.lock requirements/
RUN python -m pip install --require-hashes --only-binary :all: --requirement requirements/build.lock

# What the server needs, the language model included. It changes less often than the code, so it
# comes first and is kept between builds.
RUN python -m venv --without-pip /opt/dragoman \
    && python -m pip --python /opt/dragoman/bin/python install \
        --require-hashes --only-binary :all: --requirement requirements/server.lock

COPY client client
COPY server server
COPY model model
RUN python -m pip wheel --no-deps --no-build-isolation --no-index --wheel-dir wheels ./client ./server ./model \
    && python -m pip --python /opt/dragoman/bin/python install --no-deps --no-index wheels/*.whl

FROM python:3.12-slim
LABEL org.opencontainers.image.title="dragoman-server" \
      org.opencontainers.image.licenses="Apache-2.0"

RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/dragoman --create-home dragoman
COPY --from=build /opt/dragoman /opt/dragoman
COPY seeds /usr/share/dragoman/seeds

# A container is reached through its own address, so the loopback default would serve nobody; which
# addresses of the host lead to it is up to `docker run -p`.
ENV PATH=/opt/dragoman/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DRAGOMAN_ADDRESS=0.0.0.0:50051 \
    DRAGOMAN_DATA_DIR=/var/lib/dragoman
VOLUME /var/lib/dragoman
EXPOSE 50051
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["dragoman-server", "health", "--address", "127.0.0.1:50051"]
ENTRYPOINT ["dragoman-server"]
CMD ["serve", "--seeds", "/usr/share/dragoman/seeds"]
