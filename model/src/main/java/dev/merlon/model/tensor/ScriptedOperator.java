package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An engine operator that DJL's Java layer does not expose, reached through a TorchScript module
 * written here: a stored archive with one {@code forward} method that calls the operator. Gradients
 * flow through it. Lives as long as the process; thread-safe.
 */
final class ScriptedOperator {
  private final PtSymbolBlock block;

  /**
   * @param parameters names of the tensor parameters, in order
   * @param expression the TorchScript expression that is returned
   */
  ScriptedOperator(String[] parameters, String expression) {
    // The module is owned by a manager that is never closed: operators are few and live as long as
    // the process.
    PtNDManager manager = (PtNDManager) TensorRuntime.newManager(ai.djl.Device.cpu());
    try {
      block =
          JniUtils.loadModule(
              manager, new ByteArrayInputStream(archive(parameters, expression)), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies the operator; the result attaches to the first operand's scope. */
  NDArray apply(NDArray... operands) {
    NDArray result = IValueUtils.forward(block, new NDList(operands), true).singletonOrThrow();
    result.attach(operands[0].getManager());
    return result;
  }

  private static byte[] archive(String[] parameters, String expression) throws IOException {
    StringBuilder code =
        new StringBuilder(
            "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  def forward(self: __torch__.M");
    for (String parameter : parameters) {
      code.append(",\n    ").append(parameter).append(": Tensor");
    }
    code.append(") -> Tensor:\n    return ").append(expression).append('\n');
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "m/version", ascii("3\n"));
      store(zip, "m/constants.pkl", ascii("\u0080\u0002)."));
      // A pickle that makes an object of class __torch__.M with empty state.
      store(zip, "m/data.pkl", ascii("\u0080\u0002c__torch__\nM\n)\u0081}b."));
      store(zip, "m/code/__torch__.py", ascii(code.toString()));
    }
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
