package dev.merlon.model.objective;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class BoundAlignmentBundledTest extends BoundAlignmentContract {
  @Override
  Stream<GoldenCase> cases() {
    return Stream.of(GoldenCases.bundled("cure_bound_alignment"));
  }
}
