package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gRPC client before a gRPC server, both grpc-java over OkHttp's transport. */
@Timeout(60)
class GrpcIT {
  private static final long SECONDS = 10;

  private Platform platform;
  private TestTenant tenant;
  private GrpcServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    server = new GrpcServer();
    platform = new Platform();
    platform.feed.put(Services.http2("words", server.port()));
    platform.feed.put(EdgeRoute.toService(UUID.randomUUID(), "/" + GrpcServer.SERVICE, "words"));
    tenant = platform.tenant();
    channel =
        OkHttpChannelBuilder.forAddress(
                "127.0.0.1", platform.gateway.httpPort(), InsecureChannelCredentials.create())
            .overrideAuthority(tenant.host())
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    platform.close();
    server.close();
  }

  private Channel withKey(
      String key, AtomicReference<Metadata> headers, AtomicReference<Metadata> trailers) {
    Metadata credential = new Metadata();
    credential.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), key);
    return ClientInterceptors.intercept(
        channel,
        MetadataUtils.newAttachHeadersInterceptor(credential),
        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
  }

  private Channel withKey() {
    return withKey(tenant.key().reveal(), new AtomicReference<>(), new AtomicReference<>());
  }

  @Test
  void answersAUnaryCallWithHeadersAndTrailers() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();

    String answer =
        ClientCalls.blockingUnaryCall(
            withKey(tenant.key().reveal(), headers, trailers),
            GrpcServer.UPPER,
            CallOptions.DEFAULT,
            "word");

    assertThat(answer).isEqualTo("WORD");
    assertThat(headers.get().get(GrpcServer.SEEN_TENANT)).isEqualTo(tenant.edge().id().toString());
    assertThat(trailers.get().get(GrpcServer.CHECKSUM)).isEqualTo("abc");
  }

  @Test
  void passesTheServersErrorOn() {
    StatusRuntimeException error =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    withKey(), GrpcServer.FAIL, CallOptions.DEFAULT, "word"));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(error.getStatus().getDescription()).isEqualTo("not ready: word");
    assertThat(error.getTrailers())
        .extracting(trailers -> trailers.get(GrpcServer.CHECKSUM))
        .isEqualTo("word");
  }

  @Test
  void refusesACallWithoutAValidKey() {
    StatusRuntimeException error =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    withKey("gh_wrong", new AtomicReference<>(), new AtomicReference<>()),
                    GrpcServer.UPPER,
                    CallOptions.DEFAULT,
                    "word"));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void streamsFromTheServer() {
    List<String> words = new ArrayList<>();
    ClientCalls.blockingServerStreamingCall(
            withKey(), GrpcServer.SPLIT, CallOptions.DEFAULT, "one two three")
        .forEachRemaining(words::add);

    assertThat(words).containsExactly("one", "two", "three");
  }

  @Test
  void streamsFromTheClient() throws Exception {
    Answers answers = new Answers();
    StreamObserver<String> words =
        ClientCalls.asyncClientStreamingCall(
            withKey().newCall(GrpcServer.JOIN, CallOptions.DEFAULT), answers);
    words.onNext("one");
    words.onNext("two");
    words.onCompleted();

    assertThat(answers.next()).isEqualTo("one two");
    assertThat(answers.next()).isEqualTo("END");
  }

  @Test
  void streamsBothWaysAtOnce() throws Exception {
    Answers answers = new Answers();
    StreamObserver<String> words =
        ClientCalls.asyncBidiStreamingCall(
            withKey().newCall(GrpcServer.ECHO, CallOptions.DEFAULT), answers);
    words.onNext("one");
    assertThat(answers.next()).isEqualTo("echo one");
    words.onNext("two");
    assertThat(answers.next()).isEqualTo("echo two");
    words.onCompleted();

    assertThat(answers.next()).isEqualTo("END");
  }

  @Test
  void cancelsAtTheServerWhenTheClientCancels() throws Exception {
    Future<String> answer =
        ClientCalls.futureUnaryCall(
            withKey().newCall(GrpcServer.WAIT, CallOptions.DEFAULT), "word");
    assertThat(server.waiting.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    answer.cancel(true);

    assertThat(server.cancelled.await(SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void cancelsAtTheServerWhenTheDeadlinePasses() throws Exception {
    StatusRuntimeException error =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    withKey(),
                    GrpcServer.WAIT,
                    CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS),
                    "word"));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(server.cancelled.await(SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** The messages of a call as they arrive; END at its end. */
  private static final class Answers implements StreamObserver<String> {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    String next() throws InterruptedException {
      return String.valueOf(received.poll(SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void onNext(String word) {
      received.add(word);
    }

    @Override
    public void onError(Throwable failure) {
      received.add(failure.toString());
    }

    @Override
    public void onCompleted() {
      received.add("END");
    }
  }
}
