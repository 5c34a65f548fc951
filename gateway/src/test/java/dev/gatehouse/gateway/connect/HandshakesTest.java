package dev.gatehouse.gateway.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class HandshakesTest {
  private final Channel first = new EmbeddedChannel();
  private final Channel second = new EmbeddedChannel();
  private final Channel third = new EmbeddedChannel();
  private final Handshakes handshakes = new Handshakes(2);

  @Test
  void refusesOneMoreWhileAllAreNew() {
    handshakes.begin(first, 0);
    handshakes.begin(second, 1);

    assertThat(handshakes.begin(third, Handshakes.SPARED_NANOS - 1)).isSameAs(third);
    assertThat(handshakes.size()).isEqualTo(2);
  }

  @Test
  void closesTheOneThatStallsForOneMore() {
    handshakes.begin(first, 0);
    handshakes.begin(second, 1);

    assertThat(handshakes.begin(third, Handshakes.SPARED_NANOS)).isSameAs(first);
    assertThat(handshakes.size()).isEqualTo(2);
  }

  @Test
  void hasRoomForThoseThatAreDone() {
    handshakes.begin(first, 0);
    handshakes.begin(second, 0);
    handshakes.end(first);

    assertThat(handshakes.begin(third, 1)).isNull();
  }
}
