package dev.merlon.model.verify.question;

import dev.merlon.proto.Digests;
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
    return Digests.of(
        List.of(
            VERSION,
            key.model().sha256(),
            key.model().scaling(),
            key.perturbation(),
            key.guarantee().word(),
            key.input(),
            Integer.toString(key.label())));
  }
}
