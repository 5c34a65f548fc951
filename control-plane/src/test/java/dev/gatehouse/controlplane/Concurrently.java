package dev.gatehouse.controlplane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Does something several times at once. */
public final class Concurrently {
  private Concurrently() {}

  /** What each call gave, in the order of their numbers. */
  public static <T> List<T> call(int times, IntFunction<T> work) {
    CountDownLatch start = new CountDownLatch(times);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> calls = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        int number = i;
        calls.add(
            threads.submit(() -> {
              start.countDown();
              start.await();
              return work.apply(number);
            }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> call : calls) {
        results.add(call.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
