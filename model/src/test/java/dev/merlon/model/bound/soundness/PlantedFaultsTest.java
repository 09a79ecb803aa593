package dev.merlon.model.bound.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.bound.soundness.DenseBounds.Kind;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.Norms;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite has teeth: whatever is planted, some point leaves some bound. */
class PlantedFaultsTest {
  private static final int CASES = 48;

  static Stream<Arguments> faults() {
    return Stream.of(Fault.values())
        .filter(fault -> fault != Fault.NONE)
        .flatMap(fault -> Norms.ALL.stream().flatMap(norm -> bounds(fault, norm)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void run_plantedFault_findsAPointOutside(DenseBounds bounds, Norm norm) {
    List<String> violations =
        LongStream.range(0, CASES)
            .mapToObj(seed -> SoundnessSuite.run(bounds, SoundnessCase.of(seed, norm, 2)))
            .map(SoundnessReport::violations)
            .filter(found -> !found.isEmpty())
            .findFirst()
            .orElse(List.of());
    assertThat(violations).as("%s for %s", bounds, norm.name()).isNotEmpty();
  }

  private static Stream<Arguments> bounds(Fault fault, Norm norm) {
    return kinds(fault, norm).stream()
        .map(kind -> Arguments.of(new DenseBounds(kind, fault), norm));
  }

  // Where a mistake can be made at all.
  private static Set<Kind> kinds(Fault fault, Norm norm) {
    return switch (fault) {
      case NONE -> EnumSet.noneOf(Kind.class);
      case ABSOLUTE_WEIGHT_DROPPED, PADDING_IGNORED_FORWARD, ENDS_SWAPPED -> EnumSet.of(Kind.IBP);
      case SLOPES_SWAPPED, INTERCEPT_DROPPED, PADDING_IGNORED_ADJOINT, FORK_OVERWRITTEN ->
          EnumSet.of(Kind.CROWN_IBP, Kind.CROWN);
      // Boxes need no dual norm for a ball that is one.
      case WRONG_DUAL_NORM ->
          norm.ballIsBox() ? EnumSet.of(Kind.CROWN_IBP, Kind.CROWN) : EnumSet.allOf(Kind.class);
      case TANGENT_AND_CHORD_SWAPPED, POOL_OTHER_TAP, POOL_TAKEN_FOR_DECIDED ->
          EnumSet.of(Kind.CROWN_IBP, Kind.CROWN);
      case NORMALISATION_SKIPPED,
          ALWAYS_CLIPPED,
          LEAK_FORGOTTEN,
          POOL_PADDING_COUNTED,
          MEAN_OF_OTHER_COUNT,
          GROUP_IGNORED ->
          EnumSet.allOf(Kind.class);
    };
  }
}
