package dev.merlon.model.verify.question;

import dev.merlon.proto.Digests;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The name of a question about a model, the same on every machine: SHA-256 over a word for the
 * version of this form and everything that the answer depends on, each part behind its length.
 */
public final class QueryDigest {
  private static final String VERSION = "merlon-query-1";

  private QueryDigest() {}

  /** The name of a query, 64 lower-case hexadecimal digits. */
  public static String of(ModelKey model, Query query) {
    return of(QueryKey.of(model, query));
  }

  /** The name of the question with this key. */
  public static String of(QueryKey key) {
    List<String> parts =
        List.of(
            VERSION,
            key.model().sha256(),
            key.model().scaling(),
            key.perturbation(),
            key.guarantee().word(),
            key.input(),
            Integer.toString(key.label()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String part : parts) {
      byte[] text = part.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
      bytes.writeBytes(text);
    }
    return Digests.of(bytes.toByteArray());
  }
}
