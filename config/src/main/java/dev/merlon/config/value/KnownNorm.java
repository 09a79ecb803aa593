package dev.merlon.config.value;

import dev.merlon.config.failure.DidYouMean;
import java.util.List;
import java.util.ServiceLoader;

/**
 * What configuration has to know about a norm. Which norms there are is not known here: the module
 * with their mathematics provides them as services of this type, so that a norm is added in one
 * place.
 */
public interface KnownNorm {

  /** Its name in configuration and results, such as {@code linf}. */
  String name();

  /**
   * Radii above this mean nothing for images in {@code [0,1]^d}. At most 1 for a norm whose radius
   * is in units of a pixel.
   */
  double largestRadius();

  /** Whether its balls are axis-aligned boxes, so that a box loses nothing. */
  boolean ballIsBox();

  /** All norms, in the order in which they are reported. */
  static List<KnownNorm> all() {
    return ServiceLoader.load(KnownNorm.class, KnownNorm.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /** The names of all norms. */
  static List<String> names() {
    return all().stream().map(KnownNorm::name).toList();
  }

  /** The norm that setting {@code key} names; refused with the known names where there is none. */
  static KnownNorm named(String key, String name) {
    List<KnownNorm> known = all();
    return known.stream()
        .filter(norm -> norm.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidSetting(
                    key,
                    "is "
                        + name
                        + DidYouMean.among(name, known.stream().map(KnownNorm::name).toList())));
  }
}
