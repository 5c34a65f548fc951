package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

public final class LoopUpstreams {
  private int turn;

  public LoopUpstream of(EdgeService service, Tenant tenant) {
    return new LoopUpstream(service);
  }

  public final class LoopUpstream {
    private final EdgeService service;

    LoopUpstream(EdgeService service) {
      this.service = service;
    }

    public Lease pick(Signed signed, @Nullable Lease tried) {
      turn = turn + 1 < 0 ? 0 : turn + 1;
      EdgeService.Endpoint e = service.endpoints().get(turn % service.endpoints().size());
      SocketAddress a = SocketAddress.inetSocketAddress(e.port(), e.host());
      return new Lease() {
        @Override
        public EdgeService.Endpoint endpoint() {
          return e;
        }

        @Override
        public SocketAddress address() {
          return a;
        }

        @Override
        public void ended(Outcome outcome) {}
      };
    }
  }
}
