package dev.merlon.model.verify.question;

import dev.merlon.model.data.Dataset;
import dev.merlon.model.norm.PerturbationSet;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The queries of one certification: every input with every threat, input by input, made while they
 * are read, so that no more of them exist than are being worked on.
 *
 * @param data what the inputs are, such as the digest of their data set: equal where they are equal
 * @param inputs number of inputs, at least 1
 * @param threats the sets that each input is asked about, at least one
 * @param guarantee what certificates are to be about
 * @param queries the queries, {@code inputs} times the number of threats
 */
public record Questions(
    String data,
    int inputs,
    List<PerturbationSet> threats,
    Guarantee guarantee,
    Iterable<Query> queries) {

  /** Checks that there is something to ask. */
  public Questions {
    threats = List.copyOf(threats);
    if (inputs < 1 || threats.isEmpty()) {
      throw new IllegalArgumentException("a certification needs inputs and threats");
    }
  }

  /**
   * The images of a data set.
   *
   * @param indices which of them, in this order, each once
   */
  public static Questions about(
      Dataset images, List<Integer> indices, List<PerturbationSet> threats, Guarantee guarantee) {
    List<Integer> chosen = List.copyOf(indices);
    List<Question> questions = threats.stream().map(set -> new Question(set, guarantee)).toList();
    return new Questions(
        images.digest(),
        chosen.size(),
        threats,
        guarantee,
        () -> queries(images, chosen, questions).iterator());
  }

  /**
   * The first images of a data set.
   *
   * @param count 0 = all
   */
  public static Questions aboutFirst(
      Dataset images, int count, List<PerturbationSet> threats, Guarantee guarantee) {
    int inputs = count == 0 ? images.size() : Math.min(count, images.size());
    return about(images, IntStream.range(0, inputs).boxed().toList(), threats, guarantee);
  }

  /** Number of queries. */
  public long size() {
    return (long) inputs * threats.size();
  }

  /** A fresh pass over the queries. */
  public Iterator<Query> iterator() {
    return queries.iterator();
  }

  private static Stream<Query> queries(
      Dataset images, List<Integer> indices, List<Question> questions) {
    return indices.stream()
        .flatMap(
            index -> {
              float[] x = images.image(index);
              int label = images.label(index);
              return questions.stream().map(asked -> Query.of(index, x, label, asked));
            });
  }
}
