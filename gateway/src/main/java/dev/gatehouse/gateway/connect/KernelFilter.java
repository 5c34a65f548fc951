package dev.gatehouse.gateway.connect;

import dev.gatehouse.gateway.bounds.Bound;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel drop what some sources send to the ports that are listened on, so that who floods
 * them with connections costs not even an accept. A filter of sockets (SO_ATTACH_FILTER, see the
 * kernel's networking/filter.rst) needs no privilege and is looked at before a connection is begun.
 * Where there is none, with another transport than epoll and io_uring, nothing is dropped.
 */
final class KernelFilter {
  @Bound(
      of = "sources that the kernel drops connections of",
      unit = "sources",
      atIt = "those of one more are accepted, and closed",
      metric = "gatehouse_connections_dropped_sources")
  private static final int MOST = 100;

  private static final Logger LOG = LoggerFactory.getLogger(KernelFilter.class);

  private static final int SOL_SOCKET = 1;
  private static final int POINTER_AT = 8;
  private static final int INSTRUCTION_BYTES = 8;
  private static final RawUnixChannelOption ATTACH =
      new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, 26, POINTER_AT + 8);
  private static final IntegerUnixChannelOption DETACH =
      new IntegerUnixChannelOption("SO_DETACH_FILTER", SOL_SOCKET, 27);

  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_BYTE = 0x30;
  private static final int SHIFT_RIGHT = 0x74;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP = 0x05;
  private static final int RETURN = 0x06;

  /** Where the head of the packet begins, of the Internet protocol. */
  private static final int PACKET = -0x100000;

  private static final int IPV4_SOURCE = PACKET + 12;
  private static final int IPV6_SOURCE = PACKET + 8;
  private static final int WHOLE_PACKET = -1;

  private final Set<Channel> listeners = new LinkedHashSet<>();
  private final Set<SourceAddress> dropped = new LinkedHashSet<>();
  private volatile int size;

  /** A listener is there whose connections are to be looked at. */
  synchronized void add(Channel listener) {
    listeners.add(listener);
    listener.closeFuture().addListener(_ -> remove(listener));
    if (size > 0) {
      apply(listener);
    }
  }

  private synchronized void remove(Channel listener) {
    listeners.remove(listener);
  }

  /**
   * From now on nothing of a source comes in, until {@link #letIn}.
   *
   * @return whether that is news
   */
  synchronized boolean drop(SourceAddress source) {
    if (dropped.size() >= MOST || !dropped.add(source)) {
      return false;
    }
    apply();
    return true;
  }

  /** A source may come again. */
  synchronized void letIn(SourceAddress source) {
    if (dropped.remove(source)) {
      apply();
    }
  }

  /** Sources of which nothing comes in. */
  int size() {
    return size;
  }

  /** A connection has its listener's filter, which must not outlive the flood. */
  void free(Channel client) {
    if (size > 0) {
      try {
        client.config().setOption(DETACH, 0);
      } catch (ChannelException e) {
        LOG.trace("was accepted before the filter was there", e);
      }
    }
  }

  private void apply() {
    size = dropped.size();
    listeners.forEach(this::apply);
  }

  private void apply(Channel listener) {
    try {
      if (dropped.isEmpty()) {
        listener.config().setOption(DETACH, 0);
        return;
      }
      ByteBuffer program = program(List.copyOf(dropped));
      ByteBuffer pointer = nativeBuffer(POINTER_AT + 8);
      pointer.putShort(0, (short) (program.capacity() / INSTRUCTION_BYTES));
      pointer.putLong(POINTER_AT, MemorySegment.ofBuffer(program).address());
      try {
        listener.config().setOption(ATTACH, pointer);
      } finally {
        Reference.reachabilityFence(program);
      }
    } catch (RuntimeException e) {
      LOG.warn("no filter for what is sent to {}: {}", listener.localAddress(), e.toString());
    }
  }

  /** What is compared: four bytes of a source of IPv4, eight of one of IPv6. */
  private static ByteBuffer program(List<SourceAddress> sources) {
    List<SourceAddress> ipv4 = sources.stream().filter(source -> !source.ipv6()).toList();
    List<SourceAddress> ipv6 = sources.stream().filter(SourceAddress::ipv6).toList();
    int instructions = 4 + 1 + 2 * ipv4.size() + 1 + 5 * ipv6.size() + 1;
    ByteBuffer program = nativeBuffer(instructions * INSTRUCTION_BYTES);
    put(program, LOAD_BYTE, 0, 0, PACKET);
    put(program, SHIFT_RIGHT, 0, 0, 4);
    put(program, JUMP_IF_EQUAL, 0, 1, 6);
    put(program, JUMP, 0, 0, 1 + 2 * ipv4.size() + 1);
    put(program, LOAD_WORD, 0, 0, IPV4_SOURCE);
    for (SourceAddress source : ipv4) {
      put(program, JUMP_IF_EQUAL, 0, 1, (int) source.bits());
      put(program, RETURN, 0, 0, 0);
    }
    put(program, RETURN, 0, 0, WHOLE_PACKET);
    for (SourceAddress source : ipv6) {
      put(program, LOAD_WORD, 0, 0, IPV6_SOURCE);
      put(program, JUMP_IF_EQUAL, 0, 3, (int) (source.bits() >>> 32));
      put(program, LOAD_WORD, 0, 0, IPV6_SOURCE + 4);
      put(program, JUMP_IF_EQUAL, 0, 1, (int) source.bits());
      put(program, RETURN, 0, 0, 0);
    }
    put(program, RETURN, 0, 0, WHOLE_PACKET);
    return program.flip();
  }

  private static void put(ByteBuffer program, int code, int ifTrue, int ifFalse, int value) {
    program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
  }

  private static ByteBuffer nativeBuffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
