package dev.gatehouse.gateway.client;

import dev.gatehouse.contract.net.AddressRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Ranges of addresses, ready to be searched: sorted, without those that others hold, each family
 * apart. A look costs a binary search and no object. Immutable.
 */
public final class AddressSet {
  /** Holds no address. */
  public static final AddressSet EMPTY = new AddressSet(List.of());

  private final Spans ipv4;
  private final Spans ipv6;

  private AddressSet(Collection<AddressRange> ranges) {
    this.ipv4 = Spans.of(ranges, false);
    this.ipv6 = Spans.of(ranges, true);
  }

  /** Those that lie in any of the ranges. */
  public static AddressSet of(Collection<AddressRange> ranges) {
    return ranges.isEmpty() ? EMPTY : new AddressSet(ranges);
  }

  /** Whether it holds none. */
  public boolean isEmpty() {
    return ipv4.size() == 0 && ipv6.size() == 0;
  }

  /** Whether it holds the address. A range of IPv6, be it of all, holds no IPv4 address. */
  public boolean contains(IpBits address) {
    return (address.ipv6() ? ipv6 : ipv4).contain(address.high(), address.low());
  }

  /** From the first to the last address of a range. */
  private record Span(long firstHigh, long firstLow, long lastHigh, long lastLow) {
    private static final Comparator<Span> IN_ORDER =
        (a, b) ->
            a.firstHigh != b.firstHigh || a.firstLow != b.firstLow
                ? compare(a.firstHigh, a.firstLow, b.firstHigh, b.firstLow)
                : compare(b.lastHigh, b.lastLow, a.lastHigh, a.lastLow);

    static Span of(AddressRange range) {
      IpBits first = IpBits.of(range.network());
      int free = (first.ipv6() ? 2 * Long.SIZE : Integer.SIZE) - range.prefixBits();
      return new Span(
          first.high(),
          first.low(),
          first.high() | lowest(free - Long.SIZE),
          first.low() | lowest(free));
    }

    /** So many ones at the end. */
    private static long lowest(int bits) {
      return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : (1L << bits) - 1;
    }

    boolean endsBefore(long high, long low) {
      return compare(lastHigh, lastLow, high, low) < 0;
    }
  }

  private static int compare(long high, long low, long otherHigh, long otherLow) {
    int order = Long.compareUnsigned(high, otherHigh);
    return order != 0 ? order : Long.compareUnsigned(low, otherLow);
  }

  /** Those of one family, in the order of their addresses; none holds an address of another. */
  private static final class Spans {
    private final long[] bounds;

    private Spans(List<Span> spans) {
      bounds = new long[spans.size() * 4];
      for (int i = 0; i < spans.size(); i++) {
        Span span = spans.get(i);
        bounds[4 * i] = span.firstHigh;
        bounds[4 * i + 1] = span.firstLow;
        bounds[4 * i + 2] = span.lastHigh;
        bounds[4 * i + 3] = span.lastLow;
      }
    }

    static Spans of(Collection<AddressRange> ranges, boolean ipv6) {
      List<Span> apart = new ArrayList<>();
      ranges.stream()
          .filter(range -> IpBits.of(range.network()).ipv6() == ipv6)
          .map(Span::of)
          .sorted(Span.IN_ORDER)
          .forEach(span -> {
            // Two ranges of prefixes lie apart, or the one that comes first holds the other.
            if (apart.isEmpty() || apart.getLast().endsBefore(span.firstHigh, span.firstLow)) {
              apart.add(span);
            }
          });
      return new Spans(apart);
    }

    int size() {
      return bounds.length / 4;
    }

    boolean contain(long high, long low) {
      int from = 0;
      int to = size() - 1;
      while (from <= to) {
        int at = (from + to) >>> 1;
        if (compare(bounds[4 * at], bounds[4 * at + 1], high, low) > 0) {
          to = at - 1;
        } else if (compare(bounds[4 * at + 2], bounds[4 * at + 3], high, low) < 0) {
          from = at + 1;
        } else {
          return true;
        }
      }
      return false;
    }
  }
}
