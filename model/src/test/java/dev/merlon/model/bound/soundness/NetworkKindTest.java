package dev.merlon.model.bound.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.network.Network;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkKindTest {
  @ParameterizedTest
  @EnumSource
  void draw_anySeed_buildsNetworksOfManyShapes(NetworkKind kind) {
    Set<Network> drawn = new HashSet<>();
    for (long seed = 0; seed < 1000; seed++) {
      drawn.add(kind.draw(new SplittableRandom(seed)));
    }
    assertThat(drawn).hasSizeGreaterThan(1);
  }
}
