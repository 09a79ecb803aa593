package dev.merlon.model.norm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A kind of perturbation set, which knows how its sets are written. Kinds are services of this
 * type: public classes with a public constructor without arguments and without state, so that a
 * kind is added in one place.
 */
public interface SetKind {

  /** What the texts of its sets begin with, before the colon. No other kind has the same. */
  List<String> keywords();

  /**
   * Reads a set as people write it.
   *
   * @param text begins with one of the keywords and a colon
   * @param clip whether only the part in {@code [0,1]^d} is meant
   * @throws dev.merlon.config.failure.MerlonException (configuration) when the text is no set of
   *     this kind, or there is none with such a clip
   */
  PerturbationSet parse(String text, boolean clip);

  /**
   * The set of a verdict's line, as {@link PerturbationSet#write} wrote it.
   *
   * @throws IllegalArgumentException with the problem when the fields do not say one set
   */
  PerturbationSet read(JsonNode line);

  /**
   * The set that has this text as its {@link PerturbationSet#canonical} one, where it is of this
   * kind. A kind that cannot read them has sets that are found by equal texts only.
   */
  default Optional<PerturbationSet> ofCanonical(String canonical) {
    return Optional.empty();
  }
}
