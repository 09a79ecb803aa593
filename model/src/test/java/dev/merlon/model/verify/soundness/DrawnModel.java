package dev.merlon.model.verify.soundness;

import dev.merlon.model.bound.soundness.RandomValues;
import dev.merlon.model.network.Network;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A random network that has been an ONNX file.
 *
 * @param kind of network
 * @param imported what the product makes of the file
 * @param plain the same function, multiplied out by the tests
 */
record DrawnModel(TinyNetwork kind, ImportedModel imported, PlainNetwork plain) {
  private static final List<TinyNetwork> KINDS = List.of(TinyNetwork.values());

  /** The model of this number. */
  static DrawnModel of(long seed) {
    SplittableRandom random = new SplittableRandom(0xD0C0_0000L + seed);
    TinyNetwork kind = KINDS.get((int) (seed % KINDS.size()));
    Network network = kind.draw(random);
    byte[] file = OnnxExport.bytes(network, RandomValues.draw(network, random), Map.of());
    ImportedModel imported = OnnxImport.parse(file, "drawn");
    return new DrawnModel(kind, imported, PlainNetwork.of(imported.network(), imported.values()));
  }
}
