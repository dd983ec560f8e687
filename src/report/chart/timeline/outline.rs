//! The outline of a trace: its lowest and highest readings as areas with few corners.

use crate::report::chart::canvas::Point;

/// Corners of all areas of a trace at most: a drawing stays small, whatever was recorded.
const CORNERS: usize = 220;

/// Half the least height of an area, so that a steady reading shows as a line.
const THIN: f64 = 0.6;

/// Columns of (x, upper y, lower y), `None` where nothing was read, as areas: straight stretches have no corners between their ends.
pub fn outline(columns: &[Option<(f64, f64, f64)>]) -> Vec<Vec<Point>> {
    let mut tolerance = 0.35;
    loop {
        let areas: Vec<Vec<Point>> =
            columns.split(Option::is_none).filter(|run| !run.is_empty()).map(|run| area(run, tolerance)).collect();
        let corners: usize = areas.iter().map(Vec::len).sum();
        // Beyond ten pixels nothing would be left of it: very many gaps are then drawn as they are.
        if corners <= CORNERS || tolerance > 10.0 {
            return areas;
        }
        tolerance *= 1.5;
    }
}

fn area(run: &[Option<(f64, f64, f64)>], tolerance: f64) -> Vec<Point> {
    let upper: Vec<Point> = run.iter().flatten().map(|(x, upper, _)| (*x, upper - THIN)).collect();
    let lower: Vec<Point> = run.iter().flatten().map(|(x, _, lower)| (*x, lower + THIN)).collect();
    let mut points = simplified(&upper, tolerance);
    points.extend(simplified(&lower, tolerance).into_iter().rev());
    points
}

/// The corners of a line of which no point lies further than `tolerance` beside the line through them: Douglas and Peucker 1973,
/// Cartographica 10, 112-122, with distances measured upright.
fn simplified(line: &[Point], tolerance: f64) -> Vec<Point> {
    let mut keep = vec![false; line.len()];
    let mut parts = vec![(0, line.len().saturating_sub(1))];
    while let Some((from, to)) = parts.pop() {
        for end in [from, to] {
            if let Some(kept) = keep.get_mut(end) {
                *kept = true;
            }
        }
        let (Some(&start), Some(&end)) = (line.get(from), line.get(to)) else { continue };
        let off = |index: usize| {
            let (x, y) = line[index];
            (y - start.1 - (end.1 - start.1) * (x - start.0) / (end.0 - start.0).max(1e-9)).abs()
        };
        let farthest = (from + 1..to).map(|index| (index, off(index))).max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((index, _)) = farthest.filter(|(_, off)| *off > tolerance) {
            parts.extend([(from, index), (index, to)]);
        }
    }
    line.iter().zip(keep).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_reading_is_four_corners_and_a_dip_stays() {
        let columns: Vec<_> = (0..300).map(|x| Some((f64::from(x), 20.0, if x == 150 { 60.0 } else { 20.0 }))).collect();
        let [area] = outline(&columns).try_into().unwrap();
        assert!(area.len() <= 8 && area.iter().any(|point| point.1 > 60.0), "{area:?}");
        let gap: Vec<_> = columns.into_iter().enumerate().map(|(x, column)| column.filter(|_| x != 70)).collect();
        assert_eq!(outline(&gap).len(), 2);
        assert_eq!(outline(&[None, None]), Vec::<Vec<Point>>::new());
    }

    #[test]
    fn noise_has_a_bounded_number_of_corners() {
        let columns: Vec<_> =
            (0..360_i32).map(|x| Some((f64::from(x), f64::from(x * 7919 % 23), f64::from(30 + x * 104_729 % 19)))).collect();
        let corners: usize = outline(&columns).iter().map(Vec::len).sum();
        assert!(corners <= CORNERS, "{corners}");
    }
}
