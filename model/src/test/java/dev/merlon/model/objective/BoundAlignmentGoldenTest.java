package dev.merlon.model.objective;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class BoundAlignmentGoldenTest extends BoundAlignmentContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.found(GoldenCase.Kind.ALIGNMENT);
  }
}
