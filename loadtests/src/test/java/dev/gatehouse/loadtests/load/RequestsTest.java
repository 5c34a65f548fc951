package dev.gatehouse.loadtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RequestsTest {
  @Test
  void comeInRotationOverAllConnections() {
    Requests requests = Requests.of(List.of("one", "three", "x"));
    ByteBuffer first = requests.view();
    ByteBuffer second = requests.view();
    List<String> turns = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ByteBuffer view = i % 2 == 0 ? first : second;
      requests.turn(view);
      turns.add(StandardCharsets.US_ASCII.decode(view).toString());
    }

    assertThat(turns).containsExactly("one", "three", "x", "one", "three");
  }
}
