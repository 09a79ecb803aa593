package dev.merlon.model.store;

import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Query;
import dev.merlon.proto.Digests;

/**
 * What one verdict is about, by content: nothing in it depends on names, places or the order of
 * inputs.
 *
 * @param perturbation the set in its canonical form
 * @param input SHA-256 of the input's float32 values, little-endian, in {@code [C,H,W]} order
 * @param label the class that has to win
 */
record QueryKey(ModelKey model, String perturbation, Guarantee guarantee, String input, int label) {
  /** The key of a query. */
  static QueryKey of(ModelKey model, Guarantee guarantee, Query query) {
    return new QueryKey(
        model, query.set().canonical(), guarantee, digest(query.x()), query.label());
  }

  private static String digest(float[] x) {
    return Digests.of(Blobs.of(x));
  }
}
