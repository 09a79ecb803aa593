package dev.merlon.model.verify.question;

import dev.merlon.proto.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What one verdict is about, by content: nothing in it depends on names, places or the order of
 * inputs.
 *
 * @param perturbation the set in its canonical form
 * @param input SHA-256 of the input's float32 values, little-endian, in {@code [C,H,W]} order
 * @param label the class that has to win
 */
public record QueryKey(
    ModelKey model, String perturbation, Guarantee guarantee, String input, int label) {
  /** The key of a query. */
  public static QueryKey of(ModelKey model, Query query) {
    return new QueryKey(
        model, query.set().canonical(), query.guarantee(), digest(query.x()), query.label());
  }

  private static String digest(float[] x) {
    ByteBuffer bytes = ByteBuffer.allocate(x.length * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(x);
    return Digests.of(bytes.array());
  }
}
