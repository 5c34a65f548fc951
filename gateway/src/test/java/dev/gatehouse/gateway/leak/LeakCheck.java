package dev.gatehouse.gateway.leak;

import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which Netty reports a leak. Registered for all classes by service
 * loader. The detector learns of a lost buffer when the collector finds it, and says so at the next
 * allocation: both are brought about here, once all of the class has been closed.
 */
public final class LeakCheck implements AfterAllCallback {
  private static final int COLLECTIONS = 2;
  private static final long COLLECTION_MILLIS = 10_000;

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (context.getParent().filter(parent -> parent.getTestClass().isPresent()).isPresent()) {
      return; // A nested class: the outer one is checked.
    }
    for (int i = 0; i < COLLECTIONS; i++) {
      collectGarbage();
    }
    ByteBufAllocator.DEFAULT.buffer().release();
    List<String> leaks = LeakLog.take();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          leaks.size() + " Netty leaks were found, the first: " + leaks.getFirst());
    }
  }

  /** Returns when a collection has found what nothing refers to. */
  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> found = new ReferenceQueue<>();
    PhantomReference<Object> marker = new PhantomReference<>(new Object(), found);
    try {
      System.gc();
      if (found.remove(COLLECTION_MILLIS) == null) {
        throw new AssertionError("no garbage was collected within " + COLLECTION_MILLIS + " ms");
      }
    } finally {
      Reference.reachabilityFence(marker);
    }
  }
}
