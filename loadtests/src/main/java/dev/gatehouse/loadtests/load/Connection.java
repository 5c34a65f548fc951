package dev.gatehouse.loadtests.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection with at most one request on its way; the attachment of its selection key. */
final class Connection implements AutoCloseable {
  private final InetSocketAddress target;
  private final Selector selector;
  private final Requests requests;
  private final ByteBuffer request;
  private final Answer answer;
  private SocketChannel channel;
  private long sinceNanos;
  private boolean awaitsAnswer;

  /**
   * Opens it.
   *
   * @throws IOException if the target does not accept it
   */
  Connection(InetSocketAddress target, Selector selector, Requests requests, Answer answer)
      throws IOException {
    this.target = target;
    this.selector = selector;
    this.requests = requests;
    this.request = requests.view();
    this.answer = answer;
    this.channel = open();
  }

  private SocketChannel open() throws IOException {
    SocketChannel opened = SocketChannel.open(target);
    opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
    opened.configureBlocking(false);
    opened.register(selector, SelectionKey.OP_READ, this);
    return opened;
  }

  /**
   * Sends the next request in turn.
   *
   * @param since when its latency begins to count
   */
  void send(long since) throws IOException {
    requests.turn(request);
    answer.begin();
    sinceNanos = since;
    awaitsAnswer = true;
    while (request.hasRemaining()) {
      channel.write(request);
    }
  }

  /**
   * Takes what has arrived.
   *
   * @param inbound a buffer to read into
   * @return whether the answer is complete
   * @throws WrongAnswerException if it is not an answer that was expected
   * @throws IOException if the connection broke
   */
  boolean receive(ByteBuffer inbound) throws IOException, WrongAnswerException {
    inbound.clear();
    if (channel.read(inbound) < 0) {
      throw new EOFException("the connection was closed");
    }
    awaitsAnswer = !answer.take(inbound.flip());
    return !awaitsAnswer;
  }

  /** Whether a request is on its way. */
  boolean awaitsAnswer() {
    return awaitsAnswer;
  }

  /** What was given to {@link #send}. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** Whether the last answer was a refusal; see {@link Answer}. */
  boolean wasRefused() {
    return answer.isRefusal();
  }

  /** What comes next on a connection that went wrong cannot be told: a new one takes its place. */
  void reopen() throws IOException {
    awaitsAnswer = false;
    channel.close();
    channel = open();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
