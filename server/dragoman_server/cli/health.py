"""`dragoman-server health`: asks a running server how it is."""

from __future__ import annotations

import sys

import click

from dragoman_server.cli.common import EXIT_FAILURE, fail, setting_flags, settings_from


@click.command()
@setting_flags(["address"])
@click.option(
    "--timeout", default=5.0, show_default=True, help="How many seconds to wait for an answer."
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing; the exit code tells.")
def health(timeout: float, quiet: bool, **flags: object) -> None:  # click's way
    """Ask a server whether it serves (grpc.health.v1).

    Ends with 0 where it answers SERVING and with 1 otherwise, as a container's health check needs.

    \b
    Example:
      dragoman-server health --address 127.0.0.1:50051
    """
    import grpc
    from grpc_health.v1 import health_pb2

    address = settings_from(flags).address
    with grpc.insecure_channel(address) as channel:
        try:
            check = channel.unary_unary(
                "/grpc.health.v1.Health/Check",
                request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
                response_deserializer=health_pb2.HealthCheckResponse.FromString,
            )
            answer = check(health_pb2.HealthCheckRequest(), timeout=timeout)
        except grpc.RpcError as error:
            if quiet:
                sys.exit(EXIT_FAILURE)
            status = getattr(error, "code", lambda: None)()
            reason = status.name if isinstance(status, grpc.StatusCode) else type(error).__name__
            fail(f"no answer from {address} ({reason}); is a server running there?")
    name = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    if not quiet:
        click.echo(name)
    sys.exit(0 if answer.status == health_pb2.HealthCheckResponse.SERVING else EXIT_FAILURE)
