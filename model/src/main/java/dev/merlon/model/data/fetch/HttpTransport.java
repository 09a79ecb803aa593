package dev.merlon.model.data.fetch;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gets files by HTTP and HTTPS, follows redirections but never from HTTPS to HTTP. What a file must
 * be is known beforehand, so that its length and digest, not the server's tags, decide whether two
 * parts belong together.
 */
final class HttpTransport implements Transport {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18})");

  private final HttpClient client;
  private final Patience patience;

  HttpTransport(Patience patience, ProxySelector proxies) {
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.connect())
            .proxy(proxies)
            .build();
  }

  @Override
  public Reply open(URI place, long from) throws IOException, InterruptedException {
    var response = client.send(request(place, from), HttpResponse.BodyHandlers.ofPublisher());
    var body = new BodyQueue(patience.silence());
    response.body().subscribe(body);
    try {
      return reply(response, from, body);
    } catch (IOException refused) {
      body.close();
      if (response.statusCode() == 416 && from > 0) {
        return open(place, 0);
      }
      throw refused;
    }
  }

  private HttpRequest request(URI place, long from) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(place).timeout(patience.silence()).header("User-Agent", "Merlon");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    return request.GET().build();
  }

  private static Reply reply(
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, long from, BodyQueue body)
      throws IOException {
    int status = response.statusCode();
    if (status == 200) {
      return new HttpReply(0, response.headers().firstValueAsLong("Content-Length"), body);
    }
    if (status == 206) {
      return new HttpReply(from, OptionalLong.of(total(response, from)), body);
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw new IOException("HTTP status " + status);
    }
    throw new MirrorRefused("HTTP status " + status + (status == 404 ? ", not found" : ""));
  }

  private static long total(HttpResponse<?> response, long from) throws MirrorRefused {
    String range = response.headers().firstValue("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) != from) {
      throw new MirrorRefused("asked for bytes from " + from + ", it answers '" + range + "'");
    }
    return Long.parseLong(matcher.group(2));
  }

  private record HttpReply(long from, OptionalLong total, BodyQueue body) implements Reply {
    @Override
    public List<ByteBuffer> next() throws IOException, InterruptedException {
      return body.next();
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
