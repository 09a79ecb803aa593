package dev.merlon.model.verify.question;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.specification.Neighbourhood;
import dev.merlon.model.verify.specification.Specification;
import java.util.Optional;

/**
 * One input and what is asked about it. The input is exactly what ONNX Runtime is given; bounds
 * start from the same numbers, widened to float64 without rounding.
 *
 * @param index the input's number in its data set, from 0
 * @param id what the asker calls this case, where cases have names
 * @param x the input, flat in the network's {@code [C,H,W]} order, in the un-normalised space;
 *     shared, not copied: nobody writes to it
 * @param label the class that has to win, from 0
 * @param question what is asked
 */
@SuppressWarnings("ArrayRecordComponent") // Large and shared read-only; queries are never compared.
public record Query(int index, Optional<String> id, float[] x, int label, Question question) {

  /** A query without a name of its own. */
  public static Query of(int index, float[] x, int label, Question question) {
    return new Query(index, Optional.empty(), x, label, question);
  }

  /** Everything the adversary may do. */
  public PerturbationSet set() {
    return question.set();
  }

  /** What a certificate would be about. */
  public Guarantee guarantee() {
    return question.guarantee();
  }

  /**
   * What is asked, as linear conditions.
   *
   * @param classes how many classes the model has
   */
  public Specification<Neighbourhood> specification(int classes) {
    return Specification.ahead(new Neighbourhood(x, set()), label, classes);
  }

  /** What the verdict will be about. */
  public Property property() {
    return new Property(index, id, label, set());
  }
}
