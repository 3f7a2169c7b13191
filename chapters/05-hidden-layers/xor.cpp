// A network with one hidden layer learns the exclusive or by backpropagation. No library needed.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

using Row = std::vector<double>;
using Matrix = std::vector<Row>;  // matrix[row][column]

struct Layer {
    Matrix weight, grad_weight;  // W and dW (I, O)
    Row bias, grad_bias;         // b and db (O)
    Matrix input;                // X (B, I): forward() keeps it because backward() needs it
};
using Network = std::vector<Layer>;  // with ReLU between each layer and the next

Layer make_layer(std::size_t inputs, std::size_t outputs, std::mt19937& random) {
    Layer layer{Matrix(inputs, Row(outputs)), {}, Row(outputs), {}, {}};  // biases start at 0
    for (Row& row : layer.weight) {
        for (double& w : row) w = static_cast<double>(random()) / 2147483648.0 - 1.0;  // -1 to 1
    }
    return layer;
}

// Z = X W + b
Matrix forward(Layer& layer, const Matrix& x) {
    layer.input = x;
    Matrix z(x.size(), layer.bias);
    for (std::size_t k = 0; k < z.size(); ++k) {
        for (std::size_t i = 0; i < x[k].size(); ++i) {
            for (std::size_t o = 0; o < z[k].size(); ++o) z[k][o] += x[k][i] * layer.weight[i][o];
        }
    }
    return z;
}

// Handed dZ, a layer does the rest alone: dW = X^T dZ, db = sum of the rows of dZ, dX = dZ W^T.
Matrix backward(Layer& layer, const Matrix& dz) {
    const std::size_t inputs = layer.weight.size(), outputs = layer.bias.size();
    layer.grad_weight = Matrix(inputs, Row(outputs));
    layer.grad_bias = Row(outputs);
    Matrix dx(dz.size(), Row(inputs));
    for (std::size_t k = 0; k < dz.size(); ++k) {
        for (std::size_t o = 0; o < outputs; ++o) {
            layer.grad_bias[o] += dz[k][o];
            for (std::size_t i = 0; i < inputs; ++i) {
                layer.grad_weight[i][o] += layer.input[k][i] * dz[k][o];
                dx[k][i] += dz[k][o] * layer.weight[i][o];
            }
        }
    }
    return dx;
}

// The logits: from the first layer to the last.
Matrix forward(Network& network, Matrix x) {
    for (std::size_t l = 0; l < network.size(); ++l) {
        x = forward(network[l], x);
        if (l + 1 == network.size()) break;  // no ReLU after the last
        for (Row& row : x) {
            for (double& value : row) value = std::max(0.0, value);
        }
    }
    return x;
}

// The gradients: from the last layer to the first.
void backward(Network& network, Matrix dz) {
    for (std::size_t l = network.size(); l-- > 0;) {
        dz = backward(network[l], dz);  // the layer's dX, which is dH of the ReLU before it
        if (l == 0) break;              // before the first layer is nothing to learn
        const Matrix& h = network[l].input;
        for (std::size_t k = 0; k < h.size(); ++k) {
            for (std::size_t i = 0; i < h[k].size(); ++i) {
                if (h[k][i] <= 0.0) dz[k][i] = 0.0;  // where ReLU gave 0, nothing passes
            }
        }
    }
}

// The mean of -log p over the right classes; turns the logits Z into dZ = (P - T) / B.
double find_loss(Matrix& z, const std::vector<std::size_t>& labels) {
    const double batch_size = static_cast<double>(z.size());
    double loss = 0.0;
    for (std::size_t k = 0; k < z.size(); ++k) {
        const double largest = *std::max_element(z[k].begin(), z[k].end());
        double sum = 0.0;
        for (const double logit : z[k]) sum += std::exp(logit - largest);
        loss += (largest + std::log(sum) - z[k][labels[k]]) / batch_size;
        for (double& logit : z[k]) logit = std::exp(logit - largest) / sum / batch_size;
        z[k][labels[k]] -= 1.0 / batch_size;
    }
    return loss;
}

void descend(Layer& layer, double learning_rate) {
    for (std::size_t o = 0; o < layer.bias.size(); ++o) {
        layer.bias[o] -= learning_rate * layer.grad_bias[o];
        for (std::size_t i = 0; i < layer.weight.size(); ++i) {
            layer.weight[i][o] -= learning_rate * layer.grad_weight[i][o];
        }
    }
}

int main() {
    const Matrix points{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const std::vector<std::size_t> labels{0, 1, 1, 0};
    std::mt19937 random(1);
    Network network{make_layer(2, 8, random), make_layer(8, 2, random)};

    for (int step = 0; step <= 2000; ++step) {
        Matrix z = forward(network, points);
        const double loss = find_loss(z, labels);  // z is dZ from here on
        backward(network, z);
        if (step % 500 == 0) std::printf("step %4d  loss %.4f\n", step, loss);
        if (step == 0) {  // trust nobody: one derivative, and its finite difference
            double& w = network[0].weight[1][1];
            w += 0.001;
            Matrix above = forward(network, points);
            w -= 0.002;
            Matrix below = forward(network, points);
            w += 0.001;
            std::printf("dw %.6f, measured %.6f\n", network[0].grad_weight[1][1],
                        (find_loss(above, labels) - find_loss(below, labels)) / 0.002);
        }
        for (Layer& layer : network) descend(layer, 0.2);
    }

    const Matrix z = forward(network, points);
    for (std::size_t k = 0; k < z.size(); ++k) {
        std::printf("%g xor %g: z = %5.2f\n", points[k][0], points[k][1], z[k][1] - z[k][0]);
    }
}
