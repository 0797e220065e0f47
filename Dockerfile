# One image for every process; docker-compose.yml chooses the command.
FROM python:3.11-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

# The packages change less often than the code: their layer is built once.
COPY requirements.lock .
RUN pip install --require-hashes --requirement requirements.lock

WORKDIR /app
COPY . .
# Editable, as on a developer's machine: the path on disk is the import path, and alembic.ini lies beside it.
RUN pip install --no-deps --no-build-isolation --editable .


FROM python:3.11-slim

RUN useradd --system --uid 10001 --create-home portefeuille \
 && install --directory --owner portefeuille /var/lib/portefeuille/imports
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
USER portefeuille
CMD ["python", "-m", "services.api"]
