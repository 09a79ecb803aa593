package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.ImageShape;
import java.util.List;
import java.util.Optional;

/**
 * What the adversary may do to an input, in the un-normalised input space. Two sets are equal if
 * and only if their canonical texts are.
 */
public sealed interface PerturbationSet permits NormBall, ParametricSet {

  /**
   * Reads a set as people write it.
   *
   * @param text such as {@code linf:8/255}
   * @param clip whether only its part in {@code [0,1]^d} is meant
   * @throws MerlonException (configuration) when the text is no set
   */
  static PerturbationSet parse(String text, boolean clip) {
    return SetKinds.parse(text, clip);
  }

  /**
   * The set of a verdict's line, as {@link #write} wrote it; lines of earlier versions have no
   * {@code set} and are about balls.
   *
   * @throws IllegalArgumentException with the problem when the fields do not say one set
   */
  static PerturbationSet read(JsonNode line) {
    String keyword =
        Optional.ofNullable(line.get("set"))
            .flatMap(text -> SetKinds.keyword(text.asText()))
            .or(() -> Optional.ofNullable(line.get("norm")).map(JsonNode::asText))
            .orElseThrow(() -> new IllegalArgumentException("no field 'set' or 'norm'"));
    return SetKinds.named(keyword)
        .orElseThrow(() -> new IllegalArgumentException("no kind of set '" + keyword + "'"))
        .read(line);
  }

  /** The set that has this {@link #canonical} text; empty where no kind can read it. */
  static Optional<PerturbationSet> ofCanonical(String canonical) {
    return SetKinds.keyword(canonical)
        .flatMap(SetKinds::named)
        .flatMap(kind -> kind.ofCanonical(canonical));
  }

  /** What the text begins with, before the colon: the kind of the set in one word. */
  String keyword();

  /**
   * The set as people write it and as results name it, such as {@code linf:8/255}. It does not say
   * whether the set is clipped to {@code [0,1]^d}.
   */
  String text();

  /**
   * The set exactly and in one form only, for digests of what is asked, such as {@code
   * linf:0x1.3333333333333p-2 clip [0,1]}.
   */
  String canonical();

  /**
   * Whether every point of another set is one of this set, around any input. {@code false} where
   * that is not known.
   */
  default boolean includes(PerturbationSet other) {
    return canonical().equals(other.canonical());
  }

  /** Whether people mean this set by a text, be it clipped or not. */
  boolean isMeantBy(String text);

  /** Adds to a verdict's line what {@link #read} needs, {@code set} with the text among it. */
  void write(ObjectNode line);

  /** The names of the parameters that candidates have; none for balls. */
  List<String> parameters();

  /** Why an array is no input of this set, if so; {@code x} is flat. */
  Optional<String> problem(float[] x);

  /** What the set is wider than, if images of a shape cannot be as far apart as it is wide. */
  Optional<String> excess(ImageShape images);

  /**
   * Whether a candidate lies in the set around {@code x}, decided so that one that is said to lie
   * inside does, whatever rounding did.
   */
  boolean contains(float[] x, Candidate candidate);

  /**
   * The candidate itself if it lies in the set around {@code x}, else one near it that does, or
   * {@code x} where none is found.
   */
  Candidate inwards(float[] x, Candidate candidate);

  /**
   * Where attacks search.
   *
   * @param x {@code [N, C, H, W]}, in the scope that will own the space's tensors
   * @param measure what a full step is
   */
  AttackSpace attackSpace(NDArray x, StepWidth measure);

  /** Into how many cells the set is divided, each of which bounds start from; 1 for balls. */
  long cells();

  /**
   * One of these cells, which together hold the whole set; it is proved when they all are.
   *
   * @param number from 0
   */
  Cell cell(long number);

  /** Smaller cells that together hold a cell; none where it cannot be split. */
  List<Cell> split(Cell cell);

  /**
   * What holds every point of a cell of the set around each sample.
   *
   * @param x {@code [N, C, H, W]} of float32 numbers, in the scope that will own new tensors
   */
  Enclosure enclosure(NDArray x, Cell cell);

  /** How linear programs describe the set, where they can. */
  Optional<LinearRegion.Description> linearDescription();
}
