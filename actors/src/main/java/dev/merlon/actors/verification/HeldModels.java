package dev.merlon.actors.verification;

import dev.merlon.model.verify.Verifier;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The open models of one verifier thread: opened when they are asked for, and those that were not
 * used for longest closed where they are too many or take too much memory together; the one in use
 * stays. Owns the verifiers; not thread-safe.
 */
final class HeldModels implements AutoCloseable {
  private static final float LOAD = 0.75f;

  private final VerificationSettings.Holding holding;
  private final Map<String, Held> held = new LinkedHashMap<>(16, LOAD, true);

  private record Held(Verifier verifier, long bytes) {}

  HeldModels(VerificationSettings.Holding holding) {
    this.holding = holding;
  }

  /**
   * The verifier of a model, which stays this object's.
   *
   * @throws dev.merlon.config.failure.MerlonException when the model is refused
   */
  Verifier open(ServedModel model) {
    Held known = held.get(model.digest());
    if (known == null) {
      // Room first, so that there is never more than the limit and one being opened.
      shrink(holding.models() - 1, holding.bytes() - model.bytes());
      known = new Held(model.factory().open(), model.bytes());
      held.put(model.digest(), known);
    }
    return known.verifier();
  }

  private void shrink(int models, long bytes) {
    Iterator<Held> oldestFirst = held.values().iterator();
    while (oldestFirst.hasNext() && (held.size() > models || taken() > bytes)) {
      Held oldest = oldestFirst.next();
      oldestFirst.remove();
      oldest.verifier().close();
    }
  }

  private long taken() {
    return held.values().stream().mapToLong(Held::bytes).sum();
  }

  /** Digests of the models that are open. */
  Set<String> digests() {
    return Set.copyOf(held.keySet());
  }

  /** Closes all of them; others may be opened afterwards. */
  @Override
  public void close() {
    held.values().forEach(each -> each.verifier().close());
    held.clear();
  }
}
