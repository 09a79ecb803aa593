package dev.merlon.model.data.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web server on this machine that serves byte arrays, well or badly, and notes what it is asked.
 */
final class FileServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Manner manner = Manner.GOOD;
  private final AtomicInteger faults = new AtomicInteger();

  FileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** How it answers. */
  enum Manner {
    GOOD,
    /** Sends everything, whatever was asked. */
    WITHOUT_RANGES,
    /** Sends half of what it announces and hangs up, as often as there are faults left. */
    BREAKING,
    /** Sends half of what it announces and then nothing. */
    SILENT,
    /** Says that it is out of order, as often as there are faults left. */
    UNAVAILABLE
  }

  /**
   * What it was asked.
   *
   * @param range the header; empty if there was none
   * @param first the first byte that it began to send
   */
  record Request(String path, String range, int first) {}

  FileServer with(String name, byte[] content) {
    files.put("/" + name, content);
    return this;
  }

  FileServer behaving(Manner newManner, int times) {
    manner = newManner;
    faults.set(times);
    return this;
  }

  URI place() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  List<Request> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String range = exchange.getRequestHeaders().getOrDefault("Range", List.of("")).get(0);
    byte[] content = files.get(path);
    boolean partial = !range.isEmpty() && manner != Manner.WITHOUT_RANGES;
    int first = partial ? Integer.parseInt(range.replaceAll("[^0-9]", "")) : 0;
    requests.add(new Request(path, range, first));
    if (content == null || (manner == Manner.UNAVAILABLE && faults.getAndDecrement() > 0)) {
      exchange.sendResponseHeaders(content == null ? 404 : 503, -1);
      exchange.close();
      return;
    }
    if (partial) {
      String contentRange = "bytes " + first + "-" + (content.length - 1) + "/" + content.length;
      exchange.getResponseHeaders().set("Content-Range", contentRange);
    }
    byte[] rest = Arrays.copyOfRange(content, first, content.length);
    exchange.sendResponseHeaders(partial ? 206 : 200, rest.length);
    send(exchange, rest);
  }

  private void send(HttpExchange exchange, byte[] rest) throws IOException {
    boolean broken = manner == Manner.BREAKING && faults.getAndDecrement() > 0;
    boolean silent = manner == Manner.SILENT;
    OutputStream body = exchange.getResponseBody();
    body.write(rest, 0, broken || silent ? rest.length / 2 : rest.length);
    body.flush();
    if (silent) {
      awaitEnd();
    }
    exchange.close();
  }

  private void awaitEnd() {
    try {
      closed.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
