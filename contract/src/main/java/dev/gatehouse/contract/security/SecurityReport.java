package dev.gatehouse.contract.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a gateway hands to the control plane at {@link #PATH}. A report that is handed in again is
 * not recorded again: reports of one run have ascending numbers, and are sent in their order.
 *
 * @param gateway its name
 * @param run a new one each time that the gateway starts
 * @param sequence number of the report within the run, from 1
 * @param events what happened, at most {@value #MAX_EVENTS} of them
 * @param dropped events that the gateway had no room for
 */
public record SecurityReport(
    String gateway, UUID run, long sequence, List<SecurityEvent> events, long dropped) {
  /** Path on the control plane. */
  public static final String PATH = "/edge/v1/events";

  /** Most events of one report. */
  public static final int MAX_EVENTS = 100;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public SecurityReport {
    events = List.copyOf(events);
    if (!NAME.matcher(gateway).matches()) {
      throw new IllegalArgumentException("gateway must match " + NAME);
    }
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence must be at least 1, found " + sequence);
    }
    if (events.size() > MAX_EVENTS) {
      throw new IllegalArgumentException(
          "events must be at most " + MAX_EVENTS + ", found " + events.size());
    }
    if (dropped < 0) {
      throw new IllegalArgumentException("dropped must be at least 0, found " + dropped);
    }
  }

  /** The report as JSON. */
  public byte[] encode() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report can always be written", e);
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static SecurityReport decode(byte[] json) {
    try {
      SecurityReport report = JSON.readValue(json, SecurityReport.class);
      if (report == null) {
        throw new IllegalArgumentException("a report is no null");
      }
      return report;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read", e);
    }
  }
}
