package dev.merlon.model.verify.soundness;

import dev.merlon.model.bound.soundness.DenseNetwork;
import dev.merlon.model.bound.soundness.DenseNetwork.Affine;
import dev.merlon.model.bound.soundness.DenseNetwork.Join;
import dev.merlon.model.bound.soundness.DenseNetwork.Misreading;
import dev.merlon.model.bound.soundness.DenseNetwork.Step;
import dev.merlon.model.bound.soundness.DenseNetwork.Sum;
import dev.merlon.model.bound.soundness.DenseRectifier;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of rectifiers with all affine layers multiplied out, in float64 and Java memory: each
 * neuron takes an affine function of the input and of earlier neurons.
 *
 * @param inputs number of the input's coordinates
 * @param neurons in an order in which they can be computed
 * @param logits affine functions of input and neurons
 */
record PlainNetwork(int inputs, List<Neuron> neurons, List<Form> logits) {

  /**
   * {@code <weights, (x, h)> + constant}, with as many weights as there are coordinates and neurons
   * before it, or fewer.
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Form(double[] weights, double constant) {
    double at(double[] values) {
      double sum = constant;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * values[i];
      }
      return sum;
    }

    Form minus(Form other) {
      return plus(other, -1);
    }

    Form plus(Form other, double factor) {
      double[] sum = new double[Math.max(weights.length, other.weights.length)];
      System.arraycopy(weights, 0, sum, 0, weights.length);
      for (int i = 0; i < other.weights.length; i++) {
        sum[i] += factor * other.weights[i];
      }
      return new Form(sum, constant + factor * other.constant);
    }

    static Form unit(int i) {
      double[] weights = new double[i + 1];
      weights[i] = 1;
      return new Form(weights, 0);
    }
  }

  /**
   * {@code max(z, 0) + leak min(z, 0)}.
   *
   * @param operand z
   */
  record Neuron(Form operand, double leak) {
    double at(double z) {
      return z < 0 ? leak * z : z;
    }
  }

  /** The network in evaluation; for affine layers and rectifiers only. */
  static PlainNetwork of(Network network, ParameterValues values) {
    DenseNetwork dense = DenseNetwork.of(network, values, Misreading.NONE);
    int inputs = dense.widths().get(0);
    List<Neuron> neurons = new ArrayList<>();
    List<List<Form>> all = new ArrayList<>();
    List<Form> first = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      first.add(Form.unit(i));
    }
    all.add(first);
    for (Step step : dense.steps()) {
      all.add(forms(step, all, neurons, inputs));
    }
    return new PlainNetwork(inputs, List.copyOf(neurons), List.copyOf(all.get(all.size() - 1)));
  }

  private static List<Form> forms(
      Step step, List<List<Form>> all, List<Neuron> neurons, int inputs) {
    List<Form> forms = new ArrayList<>();
    if (step instanceof Affine affine) {
      add(forms, affine.matrix(), all.get(affine.operand()));
      for (int i = 0; i < forms.size(); i++) {
        forms.set(i, forms.get(i).plus(new Form(new double[0], affine.offset()[i]), 1));
      }
    } else if (step instanceof Sum sum) {
      for (int i = 0; i < all.get(sum.left()).size(); i++) {
        forms.add(all.get(sum.left()).get(i).plus(all.get(sum.right()).get(i), 1));
      }
    } else if (step instanceof Join join) {
      for (int i = 0; i < join.operands().size(); i++) {
        add(forms, join.parts().get(i), all.get(join.operands().get(i)));
      }
    } else if (step instanceof DenseRectifier rectifier) {
      for (Form operand : all.get(rectifier.operand())) {
        forms.add(Form.unit(inputs + neurons.size()));
        neurons.add(new Neuron(operand, rectifier.leak()));
      }
    } else {
      throw new IllegalArgumentException("no piecewise linear step: " + step);
    }
    return forms;
  }

  private static void add(List<Form> sums, double[][] matrix, List<Form> operand) {
    for (int i = 0; i < matrix.length; i++) {
      if (i >= sums.size()) {
        sums.add(new Form(new double[0], 0));
      }
      for (int k = 0; k < operand.size(); k++) {
        if (matrix[i][k] != 0) {
          sums.set(i, sums.get(i).plus(operand.get(k), matrix[i][k]));
        }
      }
    }
  }

  /** Number of classes. */
  int classes() {
    return logits.size();
  }

  /** {@code f_label - f_other} as a function of input and neurons. */
  Form margin(int label, int other) {
    return logits.get(label).minus(logits.get(other));
  }

  /** Input and neurons at a point, one after the other. */
  double[] values(double... x) {
    double[] values = new double[inputs + neurons.size()];
    System.arraycopy(x, 0, values, 0, inputs);
    for (int i = 0; i < neurons.size(); i++) {
      values[inputs + i] = neurons.get(i).at(neurons.get(i).operand().at(values));
    }
    return values;
  }

  /** The logits at a point. */
  double[] logits(double... x) {
    double[] values = values(x);
    return logits.stream().mapToDouble(form -> form.at(values)).toArray();
  }

  /** A function of input and neurons as an affine function of the input around a point. */
  Form around(Form function, double[] values) {
    double[] weights = new double[values.length];
    System.arraycopy(function.weights(), 0, weights, 0, function.weights().length);
    double constant = function.constant();
    for (int i = neurons.size() - 1; i >= 0; i--) {
      Neuron neuron = neurons.get(i);
      double weight = weights[inputs + i];
      if (weight == 0) {
        continue;
      }
      double slope = neuron.operand().at(values) < 0 ? neuron.leak() : 1;
      double[] operand = neuron.operand().weights();
      for (int k = 0; k < operand.length; k++) {
        weights[k] += weight * slope * operand[k];
      }
      constant += weight * slope * neuron.operand().constant();
    }
    double[] ofInput = new double[inputs];
    System.arraycopy(weights, 0, ofInput, 0, inputs);
    return new Form(ofInput, constant);
  }
}
