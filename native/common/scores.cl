// Scores of predictions, an item a column of a fold:
//
//   Y: samples x targets     rows y_rows[first .. last) of it are the truth
//   P: stacked predictions   rows p_rows[first .. last) of it are the predictions, or the residuals y - p
//
// Without index lists (indexed 0), fold 0 is all rows.

#define NEGATIVE_SQUARED_ERROR 0
#define R2 1

#define ROW_OF(list, k) (indexed ? (INDEX)list[k] : (INDEX)(k))

#define PREDICTION(k)                                                                                              \
    (residuals ? acc_subtract(acc_of(AT(Y, ROW_OF(y_rows, k), j)), acc_of(AT(P, ROW_OF(p_rows, k), j)))            \
               : acc_of(AT(P, ROW_OF(p_rows, k), j)))

#define ERROR(k)                                                                                                   \
    (residuals ? acc_of(AT(P, ROW_OF(p_rows, k), j))                                                               \
               : acc_subtract(acc_of(AT(Y, ROW_OF(y_rows, k), j)), acc_of(AT(P, ROW_OF(p_rows, k), j))))

KERNEL scores(
    int kind, int residuals, int indexed, VIEW(const REAL, Y), GLOBAL const int *y_rows, VIEW(const REAL, P),
    GLOBAL const int *p_rows,
    GLOBAL const int *ends, VIEW(ACC, result), INDEX rows, int folds, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(fold, (INDEX)folds)
        {
            INDEX first = !indexed || fold == 0 ? 0 : ends[fold - 1];
            INDEX last = indexed ? ends[fold] : rows;
            ACC count = acc_of_count(last - first);
            ACC errors = ACC_ZERO;
            ACC truth_mean = ACC_ZERO;
            ACC prediction_mean = ACC_ZERO;
            for (INDEX k = first; k < last; k++)
            {
                ACC error = ERROR(k);
                errors = acc_add(errors, acc_multiply(error, error));
                truth_mean = acc_add(truth_mean, acc_of(AT(Y, ROW_OF(y_rows, k), j)));
                prediction_mean = acc_add(prediction_mean, PREDICTION(k));
            }

            if (kind == NEGATIVE_SQUARED_ERROR)
            {
                AT(result, fold, j) = acc_subtract(ACC_ZERO, acc_divide(errors, count));
                continue;
            }

            truth_mean = acc_divide(truth_mean, count);
            prediction_mean = acc_divide(prediction_mean, count);
            ACC truth_rest = ACC_ZERO;
            ACC prediction_rest = ACC_ZERO;
            ACC truth_squares = ACC_ZERO;
            ACC prediction_squares = ACC_ZERO;
            ACC products = ACC_ZERO;
            for (INDEX k = first; k < last; k++)
            {
                ACC y = acc_subtract(acc_of(AT(Y, ROW_OF(y_rows, k), j)), truth_mean);
                ACC p = acc_subtract(PREDICTION(k), prediction_mean);
                truth_rest = acc_add(truth_rest, y);
                prediction_rest = acc_add(prediction_rest, p);
                truth_squares = acc_add(truth_squares, acc_multiply(y, y));
                prediction_squares = acc_add(prediction_squares, acc_multiply(p, p));
                products = acc_add(products, acc_multiply(y, p));
            }

            truth_squares = acc_spread(truth_squares, truth_rest, truth_mean, count);
            prediction_squares = acc_spread(prediction_squares, prediction_rest, prediction_mean, count);
            products = acc_subtract(products, acc_divide(acc_multiply(truth_rest, prediction_rest), count));
            ACC score = ACC_ZERO;
            if (kind == R2)
            {
                score = acc_is_zero(truth_squares)
                    ? ACC_ZERO
                    : acc_subtract(acc_of((REAL)1), acc_divide(errors, truth_squares));
            }
            else if (!acc_is_zero(truth_squares) && !acc_is_zero(prediction_squares))
            {
                score = acc_divide(acc_divide(products, acc_root(truth_squares)), acc_root(prediction_squares));
            }

            AT(result, fold, j) = score;
        }
    }
}
