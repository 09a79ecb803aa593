package dev.merlon.model.norm;

import dev.merlon.config.failure.DidYouMean;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The kinds of perturbation sets that there are. */
public final class SetKinds {
  private static final List<SetKind> ALL =
      ServiceLoader.load(SetKind.class, SetKind.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private SetKinds() {}

  /** What the text of a set can begin with, in the order in which kinds are told. */
  public static List<String> keywords() {
    return ALL.stream().flatMap(kind -> kind.keywords().stream()).toList();
  }

  /** The kind whose texts begin with this word. */
  static Optional<SetKind> named(String keyword) {
    return ALL.stream().filter(kind -> kind.keywords().contains(keyword)).findFirst();
  }

  /** The keyword of a text: what stands before the colon, if there is one. */
  static Optional<String> keyword(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? Optional.empty() : Optional.of(text.substring(0, colon).strip());
  }

  static PerturbationSet parse(String text, boolean clip) {
    String keyword = keyword(text).orElseThrow(() -> malformed(text, "has no radius"));
    return named(keyword)
        .orElseThrow(
            () ->
                malformed(
                    text,
                    "is refused: "
                        + keyword
                        + " is no kind of perturbation"
                        + DidYouMean.among(keyword, keywords())))
        .parse(text, clip);
  }

  private static MerlonException malformed(String text, String problem) {
    return MerlonException.configuration(
        "Perturbation '" + text + "' " + problem,
        "Write a norm and a radius, such as linf:8/255 or l2:0.5.");
  }
}
