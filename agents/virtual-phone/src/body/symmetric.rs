//! Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.
//!
//! Jacobi (1846), in the form of Golub and Van Loan, "Matrix Computations", section 8.5: unconditionally stable, and it
//! needs the four operations and the square root only, so that its result has the same bits on every platform.

/// A square matrix, row by row.
pub type Matrix = Vec<Vec<f64>>;

/// Sweeps after which rounding stops any further progress; eight nodes need six.
const MOST_SWEEPS: usize = 30;

/// `S = Q diag(values) Q^T` with orthonormal columns in `Q`.
#[derive(Debug, Clone)]
pub struct Decomposition {
    /// The eigenvalues, in no order.
    pub values: Vec<f64>,
    /// `Q`: column `k` belongs to `values[k]`.
    pub vectors: Matrix,
}

/// Decomposes a symmetric matrix.
#[must_use]
pub fn decompose(mut matrix: Matrix) -> Decomposition {
    let size = matrix.len();
    let mut vectors: Matrix =
        (0..size).map(|row| (0..size).map(|column| f64::from(u8::from(row == column))).collect()).collect();
    for _ in 0..MOST_SWEEPS {
        if off_diagonal(&matrix) == 0.0 {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut matrix, &mut vectors, p, q);
            }
        }
    }
    Decomposition { values: (0..size).map(|index| matrix[index][index]).collect(), vectors }
}

/// Largest element off the diagonal that still matters beside its diagonal elements.
fn off_diagonal(matrix: &Matrix) -> f64 {
    let mut most: f64 = 0.0;
    for (row, values) in matrix.iter().enumerate() {
        for (column, value) in values.iter().enumerate().skip(row + 1) {
            let scale = matrix[row][row].abs() + matrix[column][column].abs();
            if value.abs() > scale * 1e-17 {
                most = most.max(value.abs());
            }
        }
    }
    most
}

/// One rotation in the plane of `p` and `q` that makes their element zero.
fn rotate(matrix: &mut Matrix, vectors: &mut Matrix, p: usize, q: usize) {
    if matrix[p][q] == 0.0 {
        return;
    }
    let slope = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
    let tangent = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    for row in matrix.iter_mut().chain(vectors.iter_mut()) {
        (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
    }
    let (upper, lower) = matrix.split_at_mut(q);
    for (above, below) in upper[p].iter_mut().zip(&mut lower[0]) {
        (*above, *below) = (cosine * *above - sine * *below, sine * *above + cosine * *below);
    }
    // Zero by construction; rounding would leave a trace that keeps the sweeps busy.
    matrix[p][q] = 0.0;
    matrix[q][p] = 0.0;
}
