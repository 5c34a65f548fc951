package dev.gatehouse.gateway.authenticate.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;

/** A form as it is sent ({@code application/x-www-form-urlencoded}). */
public final class Form {
  /** Its media type. */
  public static final String CONTENT_TYPE = "application/x-www-form-urlencoded";

  private final StringBuilder text = new StringBuilder();

  /** Adds a field. */
  public Form add(String name, String value) {
    if (!text.isEmpty()) {
      text.append('&');
    }
    text.append(encode(name)).append('=').append(encode(value));
    return this;
  }

  /** As the body of a request. */
  public Buffer toBuffer() {
    return Buffer.buffer(text.toString());
  }

  /** As the query of a URL. */
  @Override
  public String toString() {
    return text.toString();
  }

  static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
