//! Charts, drawn: quiet colours, nothing that moves, nothing to drag. The table beside them says the
//! same; a screen reader is sent there.

use egui::accesskit::Role;
use egui::{
    Align2, Color32, FontId, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};
use egui_plot::{Bar, BarChart, Line, MarkerShape, Plot, PlotBounds, PlotPoints, PlotUi, Points};
use scrim_wire::window::{TeamTable, TeamTableKind};

use super::chart::{Chart, Mark, Series, charts};
use super::figures::tick_words;
use super::table::letter;
use crate::control::{Scene, outside};
use crate::theme::{Palette, Room, TYPE, space};

/// Between the left edge and the chart, in points: room for the longest value beside the axis.
const GUTTER: f32 = 58.0;
/// Below the chart, in points: one line of words.
const FOOT: f32 = 20.0;
/// Radius of a mark, in points.
const RADIUS: f32 = 4.5;
/// Half of the line at each end of an interval, in rows.
const CAP: f64 = 0.12;

/// Every chart of a table, one below the other.
pub(super) fn charts_ui(ui: &mut Ui, scene: &Scene<'_>, table: &TeamTable, width: f32) {
    ui.spacing_mut().item_spacing.y = space::XS;
    for (n, chart) in charts(table).iter().enumerate() {
        if chart.is_empty() {
            ui.scope(|ui| {
                ui.set_max_width(width);
                ui.label(scene.weak(scene.strings.text("team-chart-empty")));
            });
            continue;
        }
        chart_ui(ui, scene, table, (n, chart), width);
        legend_ui(ui, scene, chart, width);
        ui.add_space(space::S);
    }
}

/// Where values and rows stand on the screen.
struct Scale {
    rect: Rect,
    ticks: Vec<f64>,
    rows: usize,
}

impl Scale {
    fn bottom(&self) -> f64 {
        self.ticks.first().copied().unwrap_or(0.0)
    }

    fn top(&self) -> f64 {
        self.ticks.last().copied().unwrap_or(1.0)
    }

    fn x(&self, row: usize) -> f32 {
        self.rect.left() + self.rect.width() * (row as f32 + 0.5) / self.rows as f32
    }

    fn y(&self, value: f64) -> f32 {
        let share = (value - self.bottom()) / (self.top() - self.bottom());
        self.rect.bottom() - self.rect.height() * share as f32
    }

    /// Where it is drawn: a mark on the lowest or highest line is not cut.
    fn room(&self) -> Rect {
        self.rect.expand2(vec2(0.0, RADIUS + 1.0))
    }

    /// What lies between the ends of [`Self::room`].
    fn bounds(&self) -> PlotBounds {
        let right = self.rows as f64 - 0.5;
        let beyond = f64::from((RADIUS + 1.0) / self.rect.height()) * (self.top() - self.bottom());
        PlotBounds::from_min_max([-0.5, self.bottom() - beyond], [right, self.top() + beyond])
    }
}

fn chart_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    table: &TeamTable,
    (n, chart): (usize, &Chart),
    width: f32,
) {
    let height = Room::around(ui).pick(200.0, 150.0);
    let (_, whole) = ui.allocate_space(vec2(width, height));
    let rect = Rect::from_min_max(
        whole.min + vec2(GUTTER, space::S),
        whole.max - vec2(space::XS, FOOT),
    );
    let scale = Scale {
        rect,
        ticks: chart.ticks(),
        rows: table.rows.len(),
    };
    axes_ui(ui, scene, table, chart, &scale);
    let id = format!("{}.{n}", table.kind.id());
    let room = scale.room();
    let mut inner = ui.new_child(UiBuilder::new().max_rect(room).id_salt(&id));
    let palette = scene.palette;
    let response = bare_plot(&id, room.size())
        .show(&mut inner, |plot| {
            plot.set_plot_bounds(scale.bounds());
            for (place, series) in chart.series.iter().enumerate() {
                series_ui(plot, series, (place, chart.series.len()), &palette);
            }
        })
        .response;
    let title = scene
        .strings
        .text(&format!("team-{}-title", table.kind.id()));
    let words = scene
        .strings
        .with("team-chart-of", &[("title", title.into())]);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_author_id(format!("team.chart.{id}"));
    });
}

/// A plot that neither the wheel nor the keyboard stops at, and that says nothing by itself. Its axes
/// are drawn here: the toolkit's own ones would be stops of the Tab key.
fn bare_plot(id: &str, size: Vec2) -> Plot<'static> {
    Plot::new(id.to_owned())
        .width(size.x)
        .height(size.y)
        .sense(Sense::hover())
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_axis_zoom_drag(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_axes(false)
        .show_grid(false)
        .show_background(false)
        .show_crosshair(false)
        .show_x(false)
        .show_y(false)
        .cursor_color(Color32::TRANSPARENT)
}

/// Lines at round values, and what stands below the rows.
fn axes_ui(ui: &Ui, scene: &Scene<'_>, table: &TeamTable, chart: &Chart, scale: &Scale) {
    let painter = ui.painter();
    let palette = &scene.palette;
    let font = FontId::proportional(TYPE[0]);
    let rect = scale.rect;
    let top = scale.top().max(-scale.bottom());
    for value in &scale.ticks {
        let y = scale.y(*value);
        let is_zero = value.abs() < f64::EPSILON;
        let colour = if is_zero { palette.line } else { palette.rule };
        painter.hline(rect.x_range(), y, Stroke::new(1.0, colour));
        let words = tick_words(scene, chart.unit, *value, top);
        let at = pos2(rect.left() - space::XS, y);
        painter.text(at, Align2::RIGHT_CENTER, words, font.clone(), palette.weak);
    }
    let is_days = matches!(
        table.kind,
        TeamTableKind::Days | TeamTableKind::TimeToAction
    );
    let apart = if is_days { 52.0 } else { 18.0 };
    let between = rect.width() / scale.rows as f32;
    let every = (apart / between).ceil().max(1.0) as usize;
    for (row, of) in table.rows.iter().enumerate().step_by(every) {
        let words = if is_days {
            outside(of.id.get(5..).unwrap_or(&of.id))
        } else {
            letter(row)
        };
        let at = pos2(scale.x(row), rect.bottom() + space::XS);
        painter.text(at, Align2::CENTER_TOP, words, font.clone(), palette.weak);
    }
}

/// First and second series.
fn colour(palette: &Palette, mark: Mark) -> Color32 {
    match mark {
        Mark::Bar | Mark::Circle => palette.accent,
        Mark::Hollow | Mark::Diamond => palette.less,
    }
}

/// One column's marks. `place`: which of how many.
fn series_ui(
    plot: &mut PlotUi<'_>,
    series: &Series,
    (place, of): (usize, usize),
    palette: &Palette,
) {
    let colour = colour(palette, series.mark);
    let name = series.column;
    // Side by side, so that none hides another.
    let width = 0.7 / of as f64;
    let aside = (place as f64 - (of as f64 - 1.0) / 2.0) * width;
    match series.mark {
        Mark::Bar | Mark::Hollow => {
            let fill = match series.mark {
                Mark::Bar => colour,
                _ => Color32::TRANSPARENT,
            };
            let bar = |dot: &super::chart::Dot| {
                Bar::new(dot.row as f64 + aside, dot.value)
                    .width(width * 0.92)
                    .fill(fill)
                    .stroke(Stroke::new(1.5, colour))
            };
            let bars = series.dots.iter().map(bar).collect();
            plot.bar_chart(BarChart::new(name, bars).allow_hover(false));
        }
        Mark::Circle | Mark::Diamond => {
            let aside = if of > 1 { aside / 2.0 } else { 0.0 };
            ends_ui(plot, series, aside, palette.line);
            let points: Vec<[f64; 2]> = series
                .dots
                .iter()
                .map(|dot| [dot.row as f64 + aside, dot.value])
                .collect();
            let shape = match series.mark {
                Mark::Circle => MarkerShape::Circle,
                _ => MarkerShape::Diamond,
            };
            let points = Points::new(name, PlotPoints::from(points))
                .shape(shape)
                .filled(series.mark == Mark::Circle)
                .radius(RADIUS)
                .color(colour)
                .allow_hover(false);
            plot.points(points);
        }
    }
}

/// The intervals, as error bars.
fn ends_ui(plot: &mut PlotUi<'_>, series: &Series, aside: f64, colour: Color32) {
    for dot in &series.dots {
        let Some((low, high)) = dot.ends else {
            continue;
        };
        let x = dot.row as f64 + aside;
        let lines = [
            [[x, low], [x, high]],
            [[x - CAP, low], [x + CAP, low]],
            [[x - CAP, high], [x + CAP, high]],
        ];
        for (n, ends) in lines.into_iter().enumerate() {
            let name = format!("{}.{}.{n}", series.column, dot.row);
            let line = Line::new(name, PlotPoints::from(ends.to_vec()))
                .color(colour)
                .width(1.5)
                .allow_hover(false);
            plot.line(line);
        }
    }
}

/// Each series by its shape, and what an error bar is.
fn legend_ui(ui: &mut Ui, scene: &Scene<'_>, chart: &Chart, width: f32) {
    ui.scope(|ui| {
        ui.set_max_width(width);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().interact_size.y = 0.0;
            ui.spacing_mut().item_spacing.x = space::XS;
            ui.add_space(GUTTER);
            for series in &chart.series {
                let (rect, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
                sign_ui(ui, rect.center(), series.mark, &scene.palette);
                let words = format!("team-column-{}", series.column);
                ui.label(scene.weak(scene.strings.text(&words)));
                let has_ends = series.dots.iter().any(|dot| dot.ends.is_some());
                if has_ends {
                    ui.label(scene.weak(scene.strings.text("team-interval")));
                }
                ui.add_space(space::S);
            }
        });
    });
}

fn sign_ui(ui: &Ui, at: Pos2, mark: Mark, palette: &Palette) {
    let colour = colour(palette, mark);
    let painter = ui.painter();
    let stroke = Stroke::new(1.5, colour);
    let bar = Rect::from_center_size(at, Vec2::splat(9.0));
    match mark {
        Mark::Bar => {
            painter.rect_filled(bar, 0.0, colour);
        }
        Mark::Hollow => {
            painter.rect_stroke(bar, 0.0, stroke, StrokeKind::Inside);
        }
        Mark::Circle => {
            painter.circle_filled(at, RADIUS, colour);
        }
        Mark::Diamond => {
            let points = [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)];
            let points = points.map(|(x, y)| at + RADIUS * vec2(x, y)).to_vec();
            painter.add(Shape::closed_line(points, stroke));
        }
    }
}
