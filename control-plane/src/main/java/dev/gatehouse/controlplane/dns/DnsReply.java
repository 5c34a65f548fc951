package dev.gatehouse.controlplane.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one response means to who asked for one type of one name. */
sealed interface DnsReply {
  /** Records of that type. */
  record Values(List<String> values) implements DnsReply {}

  /** The name stands for another, of which the response says nothing. */
  record Alias(String target) implements DnsReply {}

  /** There is no such record. */
  record None() implements DnsReply {}

  /** The server did not tell. */
  record Failure(String reason) implements DnsReply {}

  /**
   * Reads a response, following aliases as far as it goes.
   *
   * @param response whose code says that it is an answer
   */
  static DnsReply of(DnsResponse response, String name, DnsRecordType type) {
    String wanted = normal(name);
    boolean alias = true;
    boolean followed = false;
    int records = response.count(DnsSection.ANSWER);
    // Each turn follows one alias, and there are no more of them than records.
    for (int turn = 0; alias && turn <= records; turn++) {
      alias = false;
      List<String> values = new ArrayList<>();
      for (int i = 0; i < records; i++) {
        DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
        if (!(record instanceof DnsRawRecord raw) || !normal(record.name()).equals(wanted)) {
          continue;
        }
        if (record.type().equals(type)) {
          values.add(value(raw.content(), type));
        } else if (record.type().equals(DnsRecordType.CNAME) && values.isEmpty() && !alias) {
          String target = DefaultDnsRecordDecoder.decodeName(raw.content().duplicate());
          alias = true;
          followed = true;
          wanted = normal(target);
        }
      }
      if (!values.isEmpty()) {
        return new Values(values);
      }
    }
    return followed ? new Alias(wanted) : new None();
  }

  private static String value(ByteBuf content, DnsRecordType type) {
    ByteBuf data = content.duplicate();
    if (!type.equals(DnsRecordType.TXT)) {
      byte[] address = new byte[data.readableBytes()];
      data.readBytes(address);
      return NetUtil.bytesToIpAddress(address);
    }
    StringBuilder text = new StringBuilder();
    while (data.isReadable()) {
      int length = Math.min(data.readUnsignedByte(), data.readableBytes());
      text.append(data.readCharSequence(length, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  private static String normal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
