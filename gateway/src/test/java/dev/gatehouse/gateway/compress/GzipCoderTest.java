package dev.gatehouse.gateway.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GzipCoderTest {
  @RepeatedTest(50)
  void givesBackWhatItTookHoweverItWasCut() throws IOException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    GzipCoder coder = GzipCoder.open().orElseThrow();
    Buffer sent = Buffer.buffer();
    Buffer received = Buffer.buffer();
    boolean flush = random.nextBoolean();
    for (int i = random.nextInt(30); i > 0; i--) {
      Buffer piece = piece(random);
      sent.appendBuffer(piece);
      received.appendBuffer(coder.write(piece, flush));
    }
    received.appendBuffer(coder.finish());

    GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(received.getBytes()));
    assertThat(unzipped.readAllBytes()).as("seed %d", seed).isEqualTo(sent.getBytes());
  }

  private static Buffer piece(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(40_000)];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
    }
    return Buffer.buffer(bytes);
  }

  @Test
  void holdsNothingBackWhereItFlushes() throws Exception {
    GzipCoder coder = GzipCoder.open().orElseThrow();
    Buffer out = coder.write(Buffer.buffer("tick"), true);
    Inflater inflater = new Inflater(true);
    inflater.setInput(out.getBytes(10, out.length()));
    byte[] text = new byte[10];

    assertThat(new String(text, 0, inflater.inflate(text), StandardCharsets.US_ASCII))
        .isEqualTo("tick");
    coder.release();
  }
}
