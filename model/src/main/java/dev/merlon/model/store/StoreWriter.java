package dev.merlon.model.store;

import dev.merlon.config.failure.MerlonException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The one thread of a process that writes to a store. What waits is written in one transaction, so
 * that many writers pay for one loss-proof commit together; a writer whose turn does not come
 * waits, and nothing is dropped. Owns its connection. Thread-safe.
 */
final class StoreWriter implements AutoCloseable {
  private static final int WAITING = 64;
  private static final int FACTS_AT_ONCE = 512;

  private final SqliteFile file;
  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(WAITING);
  private final Connection connection;
  private final Thread thread;
  private Optional<FactWriter> statements = Optional.empty();
  private boolean closed;

  /** What one writer wants written; without entries it is the last. */
  private record Batch(
      List<FactWriter.Entry> entries, CompletableFuture<List<Optional<String>>> written) {
    boolean isLast() {
      return entries.isEmpty();
    }
  }

  private StoreWriter(SqliteFile file, Connection connection) {
    this.file = file;
    this.connection = connection;
    this.thread = new Thread(this::work, "store-writer");
    this.thread.setDaemon(true);
  }

  /** A writer through a connection, which it owns. */
  static StoreWriter start(SqliteFile file, Connection connection) {
    StoreWriter writer = new StoreWriter(file, connection);
    writer.thread.start();
    return writer;
  }

  /**
   * Writes entries; they are on the disk when this returns.
   *
   * @return for each entry how both sides of a contradiction came about, if there is one
   * @throws MerlonException (device) when they cannot be kept
   */
  List<Optional<String>> write(List<FactWriter.Entry> entries) {
    return entries.isEmpty() ? List.of() : submit(entries);
  }

  private List<Optional<String>> submit(List<FactWriter.Entry> entries) {
    Batch batch = new Batch(List.copyOf(entries), new CompletableFuture<>());
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the store is closed");
      }
      put(batch);
    }
    try {
      return batch.written().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof SQLException problem
          ? StoreProblem.broken(file.file(), problem)
          : failed;
    }
  }

  private void put(Batch batch) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          queue.put(batch);
          return;
        } catch (InterruptedException asked) {
          // What is handed in is written: whoever interrupts learns of it afterwards.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void work() {
    try (connection) {
      boolean last = false;
      while (!last) {
        List<Batch> group = new ArrayList<>();
        group.add(queue.take());
        last = gather(group);
        commit(group);
      }
      statements.ifPresent(FactWriter::close);
      tidy();
    } catch (InterruptedException | SQLException ended) {
      throw new IllegalStateException("the store's writer ended", ended);
    }
  }

  /** Adds what waits; says whether the last batch is among it. */
  private boolean gather(List<Batch> group) {
    int facts = group.get(0).entries().size();
    while (!group.get(group.size() - 1).isLast() && facts < FACTS_AT_ONCE) {
      Optional<Batch> next = Optional.ofNullable(queue.poll());
      if (next.isEmpty()) {
        return false;
      }
      group.add(next.get());
      facts += next.get().entries().size();
    }
    return group.get(group.size() - 1).isLast();
  }

  private void commit(List<Batch> group) {
    try {
      List<List<Optional<String>>> results =
          WriteTransaction.run(connection, () -> write(statements(), group));
      for (int i = 0; i < group.size(); i++) {
        group.get(i).written().complete(results.get(i));
      }
    } catch (SQLException | RuntimeException failed) {
      // The driver ends statements that fail.
      statements.ifPresent(FactWriter::close);
      statements = Optional.empty();
      group.forEach(batch -> batch.written().completeExceptionally(failed));
    }
  }

  private FactWriter statements() throws SQLException {
    FactWriter prepared = statements.isPresent() ? statements.get() : new FactWriter(connection);
    statements = Optional.of(prepared);
    return prepared;
  }

  private static List<List<Optional<String>>> write(FactWriter facts, List<Batch> group)
      throws SQLException {
    facts.begin();
    List<List<Optional<String>>> results = new ArrayList<>();
    for (Batch batch : group) {
      List<Optional<String>> result = new ArrayList<>();
      for (FactWriter.Entry entry : batch.entries()) {
        result.add(facts.write(entry));
      }
      results.add(result);
    }
    return results;
  }

  // Readers of other processes may still need the log; then it stays as long as it is.
  private void tidy() throws SQLException {
    WriteTransaction.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      put(new Batch(List.of(), new CompletableFuture<>()));
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException asked) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
