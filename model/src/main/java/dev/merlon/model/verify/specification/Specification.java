package dev.merlon.model.verify.specification;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What is asked of a network {@code f}, by its counterexamples: points {@code x} that lie in the
 * inputs of one of the regions and meet, together with {@code f(x)}, one of the region's cases. It
 * holds if there are none; without regions it holds whatever the network is.
 *
 * @param <S> what the inputs of a region are
 * @param regions disjunction, each region with other inputs
 */
public record Specification<S>(List<Region<S>> regions) {
  /** Keeps a copy. */
  public Specification {
    regions = List.copyOf(regions);
  }

  /**
   * Inputs, and what makes a point of them a counterexample: one of several conjunctions.
   *
   * @param <S> what the inputs are
   * @param cases at least one
   */
  public record Region<S>(S inputs, List<Conjunction> cases) {
    /** Keeps a copy. */
    public Region {
      cases = List.copyOf(cases);
    }
  }

  /**
   * That a class stays ahead of every other one on some inputs. A tie is a counterexample.
   *
   * @param label the class, from 0
   * @param classes how many there are, which are the network's outputs; at least 2
   */
  public static <S> Specification<S> ahead(S inputs, int label, int classes) {
    List<Conjunction> cases =
        IntStream.range(0, classes)
            .filter(other -> other != label)
            .mapToObj(other -> new Conjunction(List.of(LinearConstraint.notAhead(label, other))))
            .toList();
    return new Specification<>(List.of(new Region<>(inputs, cases)));
  }
}
